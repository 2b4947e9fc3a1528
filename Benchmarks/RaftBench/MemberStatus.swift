/// What a member says of its group.
struct MemberStatus: Sendable {
    /// Whether it leads itself.
    var leads: Bool
    /// Whether it knows a leader.
    var hasLeader: Bool
    /// How many members vote and answer, where the member tells.
    var voters: Int?
    /// Tasks that wait for a node, where the member knows of tasks.
    var pendingTasks = 0
    /// The index of its newest snapshot, where the member tells.
    var snapshotIndex: UInt64 = 0
}
