package import RaftCore
package import SwarmAPI

/// What the transport tells a member about another.
package enum PeerReport: Sendable, Equatable {
    /// Messages do not arrive; raft sends less until they do.
    case unreachable(RaftID)
    /// Its process is gone: the connection broke and nobody listens any more.
    case died(RaftID)
    /// A snapshot was delivered, or was not.
    case snapshot(RaftID, delivered: Bool)
    /// It says that this member was removed from the group.
    case removed(by: RaftID)
}

/// Carries messages to the other members.
///
/// Nothing here waits and nothing is promised: a message may be lost, and raft sends it again. Messages to
/// one member keep their order.
package protocol PeerTransport: Sendable {
    /// Sends each message to the member that it names.
    func send(_ messages: [Message])
    /// Says who the members are and where they listen; links to others end.
    func setMembers(_ members: [SwarmRaftMember])
    /// Where a member is reached; nil for one that can't be.
    func address(of id: RaftID) -> String?
    /// A member says that it listens at `address`, until the group names another place for it.
    func learn(_ id: RaftID, at address: String)
    /// Asks the members that can be reached where `id` listens (SwarmKit `transport.go`, `resolvePeer`).
    func seek(_ id: RaftID)
    /// Tells every member what the own store amounts to.
    func share(_ digest: SwarmdStateDigest)
    /// Whether the member could be reached last.
    func isReachable(_ id: RaftID) -> Bool
    /// What happens to messages; for one reader.
    var reports: AsyncStream<PeerReport> { get }
    /// Works until it is cancelled.
    func run() async throws
}

/// The transport of a group of one.
package struct NoPeers: PeerTransport {
    package let reports: AsyncStream<PeerReport>

    package init() { self.reports = AsyncStream(bufferingPolicy: .bufferingOldest(1)) { _ in } }

    package func send(_ messages: [Message]) {}
    package func setMembers(_ members: [SwarmRaftMember]) {}
    package func address(of id: RaftID) -> String? { nil }
    package func learn(_ id: RaftID, at address: String) {}
    package func seek(_ id: RaftID) {}
    package func share(_ digest: SwarmdStateDigest) {}
    package func isReachable(_ id: RaftID) -> Bool { false }
    package func run() async throws { for await _ in self.reports {} }
}
