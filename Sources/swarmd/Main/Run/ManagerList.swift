import SwarmRPC
import Synchronization
import WorkerNode

/// The managers that a node may turn to, as the last session told them, and its own one while that runs.
final class ManagerList: Sendable {
    private struct State {
        var known: [NodeState.Manager]
        var own: ServerAddress?
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

    /// All of them, the own one first.
    var addresses: [ServerAddress] {
        let state = self.state.withLock { $0 }
        let own = state.own.map { [$0] } ?? []
        return own + state.known.compactMap { try? ServerAddress($0.address) }.filter { $0 != state.own }
    }

    /// All of them, the own one last: a manager that its group lets go may not pass on that it wants the certificate of
    /// a worker.
    var othersFirst: [ServerAddress] {
        let all = self.addresses
        return self.own == nil ? all : Array(all.dropFirst() + all.prefix(1))
    }

    /// The others, as text.
    var texts: [String] { self.state.withLock { $0.known.map(\.address) } }
}
