package import RaftCore
package import SwarmAPI

/// Takes what other members send.
package protocol RaftReceiver: Sendable {
    /// This member's identifier.
    var id: RaftID { get }
    /// Takes messages that arrived, in order.
    func receive(_ messages: [Message])
    /// The node `node`, which sends as the member `id` in `term`, says where it listens.
    func learn(_ id: RaftID, node: String, at address: String, term: UInt64)
    /// The member `id` sends in `term`: if nobody knows where it listens, the others are asked.
    func seek(_ id: RaftID, term: UInt64)
    /// Takes what another member's store amounts to.
    func compare(_ digests: [SwarmdStateDigest], from id: RaftID)
    /// Whether a member of this identifier left the group.
    func isRemoved(_ id: RaftID) -> Bool
    /// The node that a member is; nil for who is none.
    func node(of id: RaftID) -> String?
    /// Where a member listens; nil for who is none.
    func address(of id: RaftID) -> String?
}
