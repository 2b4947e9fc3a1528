package import RaftCore
package import ReplicatedStore
package import SwarmAPI

/// A raft group whose members can change, as the service that takes them in and lets them go sees it.
package protocol GroupMembership: Sendable {
    /// Whether this member leads; only then can the group be changed here.
    var isLeader: Bool { get }
    /// Who belongs to the group, and which identifiers are used up.
    var membership: MemberList { get }
    /// The members, with who leads and who answers.
    var members: [SwarmRaftMember] { get }
    /// Takes a member in; as a learner it gets the log and does not vote.
    func add(_ member: SwarmRaftMember, asLearner: Bool) async throws(ProposalError)
    /// Says that a member listens elsewhere now.
    func update(_ member: SwarmRaftMember) async throws(ProposalError)
    /// Removes a member; its identifier never comes back.
    func remove(_ id: RaftID) async throws(ProposalError)
    /// Whether those that answer are a majority of those that remain when the member is gone.
    func canRemove(_ id: RaftID) -> Bool
}
