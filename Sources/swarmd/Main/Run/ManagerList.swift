import SwarmRPC
import Synchronization
import Trust
import WorkerNode

/// The managers that a node may turn to, as the last session told them, and its own one while that runs.
final class ManagerList: Sendable {
    private struct State {
        var known: [NodeState.Manager]
        var own: ServerAddress?
        var heard: ServerAddress?
    }

    private let state: Mutex<State>

    init(_ known: [NodeState.Manager]) { self.state = Mutex(State(known: known)) }

    /// Takes in what a session told.
    func replace(with managers: [NodeState.Manager]) { self.state.withLock { $0.known = managers } }

    /// Where this node's own manager is reached; nil while it does not run.
    var own: ServerAddress? {
        get { self.state.withLock { $0.own } }
        set { self.state.withLock { $0.own = newValue } }
    }

    /// Takes in that a manager spoke to this node.
    func hear(from manager: ServerAddress) { self.state.withLock { $0.heard = manager } }

    /// All of them, the own one first.
    var addresses: [ServerAddress] {
        let state = self.state.withLock { $0 }
        let own = state.own.map { [$0] } ?? []
        return own + state.known.compactMap { try? ServerAddress($0.address) }.filter { $0 != state.own }
    }

    /// All of them in the order in which a node asks for a certificate.
    ///
    /// Whoever spoke last is first, since it lives. The own one is the last where the node is to be a worker: a manager
    /// that its group lets go may not pass on that it wants another certificate.
    func authorities(toBe role: NodeName.Role?) -> [ServerAddress] {
        let (own, heard) = self.state.withLock { ($0.own, $0.heard) }
        let all = self.addresses
        let ranks = all.map { $0 == own && role == .worker ? 2 : $0 == heard ? 0 : 1 }
        return (0...2).flatMap { rank in zip(all, ranks).filter { $0.1 == rank }.map(\.0) }
    }

    /// The others, as text.
    var texts: [String] { self.state.withLock { $0.known.map(\.address) } }
}
