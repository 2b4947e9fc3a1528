/// What a member says of its group.
struct MemberStatus: Sendable {
    /// Whether it leads itself.
    var leads: Bool
    /// Whether it knows a leader.
    var hasLeader: Bool
    /// How many members vote and answer, where the member tells.
    var voters: Int?
}
