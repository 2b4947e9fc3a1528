package import RaftCore

/// Takes what other members send.
package protocol RaftReceiver: Sendable {
    /// This member's identifier.
    var id: RaftID { get }
    /// Takes messages that arrived, in order.
    func receive(_ messages: [Message])
    /// Whether a member of this identifier left the group.
    func isRemoved(_ id: RaftID) -> Bool
    /// Where a member listens; nil for who is none.
    func address(of id: RaftID) -> String?
}
