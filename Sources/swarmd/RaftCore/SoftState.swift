/// What changes without being written down.
package struct SoftState: Sendable, Equatable {
    /// Whom the member takes for the leader, or `.none`.
    package var leader: RaftID
    /// What the member is doing.
    package var role: Role

    /// A soft state.
    package init(leader: RaftID, role: Role) {
        self.leader = leader
        self.role = role
    }
}
