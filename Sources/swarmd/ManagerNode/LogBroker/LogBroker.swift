import Dispatching
import GRPCCore
import Primitives
package import ReplicatedStore
import StoreCore
import SwarmAPI
import Synchronization

/// Brings the logs of tasks from the agents to whoever asked for them; only on the leader.
///
/// It keeps nothing: an agent publishes while a subscription is open, and waits when the subscriber reads
/// slowly (SwarmKit `manager/logbroker`).
package final class LogBroker: Sendable {
    private struct Listener {
        let stream: UInt64
        let orders: BoundedWatcher<SwarmSubscriptionMessage>
    }

    private struct Term {
        var router = LogRouter()
        var listeners: [String: Listener] = [:]
        var pipes: [String: LogPipe] = [:]
        var streams: UInt64 = 0
        /// The newest state whose tasks the router was shown.
        var seen: (state: StoreState, index: UInt64) = (StoreState(), 0)
    }

    private let store: ReplicatedStore
    private let makeID: @Sendable () -> String
    private let term = Mutex<Term?>(nil)

    /// `makeID` draws identifiers of subscriptions.
    package init(store: ReplicatedStore, makeID: @escaping @Sendable () -> String) {
        self.store = store
        self.makeID = makeID
    }

    /// What subscriptions name, and what they are answered from.
    private static let follows: ObjectKinds = [.tasks, .services, .nodes]

    /// Serves one term of leadership, until it is cancelled; may run again for a later term.
    package func run() async {
        self.term.withLock { $0 = Term() }
        defer { self.end() }
        while !Task.isCancelled {
            let watch = await self.store.watch(limit: LogBrokerLimits.watchedCommits, of: Self.follows)
            // Whatever happened before the watch, every task is looked at once.
            self.observe(watch.state.tasks.all, in: watch.state, at: watch.index)
            for await commit in watch.commits {
                let tasks = commit.changes.compactMap { SwarmTask(value: $0.value) }
                self.observe(tasks, in: commit.state, at: commit.index)
            }
            // A store that is closed ends every watch at once.
            try? await ContinuousClock().sleep(for: DispatcherLimits.pause)
        }
    }

    private func end() {
        let ended = self.term.withLock { $0.take() }
        for pipe in ended?.pipes.values ?? [:].values { pipe.finish(.stopped) }
        for listener in ended?.listeners.values ?? [:].values { listener.orders.finish() }
    }

    private func observe(_ tasks: [SwarmTask], in state: StoreState, at index: UInt64) {
        self.term.withLock { term in
            term?.seen = (state, index)
            for task in tasks { Self.perform(term?.router.observe(task) ?? [], on: &term) }
        }
    }
}

// MARK: - Subscribers

extension LogBroker {
    /// Opens a subscription; the caller reads from the pipe, and closes.
    func subscribe(
        _ selector: SwarmLogSelector,
        _ options: SwarmLogSubscriptionOptions
    ) async throws -> (id: String, pipe: LogPipe) {
        let committed = await self.store.committed
        return try self.term.withLock { term in
            guard let present = term else { throw Self.stopped }
            // Tasks that were shown to the router before the subscription opened are not shown again.
            let state = present.seen.index > committed.index ? present.seen.state : committed.state
            guard present.pipes.count < LogBrokerLimits.subscriptions else {
                throw RPCError(code: .resourceExhausted, message: "too many log subscriptions are open")
            }
            let id = self.makeID()
            let pipe = LogPipe()
            term?.pipes[id] = pipe
            let actions =
                term?.router.subscribe(id: id, selector: selector, options: options, on: state) ?? []
            Self.perform(actions, on: &term)
            return (id, pipe)
        }
    }

    /// Closes a subscription: publishers end too.
    func unsubscribe(_ id: String) {
        self.term.withLock { term in
            term?.pipes.removeValue(forKey: id)?.finish(.stopped)
            Self.perform(term?.router.unsubscribe(id: id) ?? [], on: &term)
        }
    }
}

// MARK: - Agents

extension LogBroker {
    /// Begins to give orders to an agent; an older stream of the same node ends.
    func listen(node: String) throws -> (stream: UInt64, orders: AsyncStream<SwarmSubscriptionMessage>) {
        try self.term.withLock { term in
            guard term != nil else { throw Self.stopped }
            if let old = term?.listeners.removeValue(forKey: node) {
                old.orders.finish()
                Self.perform(term?.router.left(node: node) ?? [], on: &term)
            }
            let stream = (term?.streams ?? 0) + 1
            let orders = BoundedWatcher<SwarmSubscriptionMessage>(limit: LogBrokerLimits.ordersPerAgent)
            term?.streams = stream
            term?.listeners[node] = Listener(stream: stream, orders: orders)
            Self.perform(term?.router.listens(node: node) ?? [], on: &term)
            return (stream, orders.events)
        }
    }

    /// Ends an agent's stream of orders.
    func unlisten(node: String, stream: UInt64) {
        self.term.withLock { term in
            guard term?.listeners[node]?.stream == stream else { return }
            term?.listeners[node] = nil
            Self.perform(term?.router.left(node: node) ?? [], on: &term)
        }
    }

    /// Where a subscription's messages go; nil if it is not open.
    func pipe(of subscription: String) throws -> LogPipe? {
        try self.term.withLock { term in
            guard let term else { throw Self.stopped }
            return term.pipes[subscription]
        }
    }

    /// Notes that an agent has published all it had, or why it could not.
    func published(node: String, subscription: String, failure: String?) {
        self.term.withLock { term in
            let actions = term?.router.done(node: node, subscription: subscription, failure: failure)
            Self.perform(actions ?? [], on: &term)
        }
    }

    static var stopped: RPCError { RPCError(code: .unavailable, message: "log broker is stopped") }

    private static func perform(_ actions: [LogRouter.Action], on term: inout Term?) {
        for action in actions {
            switch action {
            case .tell(let node, let message): _ = term?.listeners[node]?.orders.offer(message)
            case .finish(let subscription, let warning):
                term?.pipes[subscription]?.finish(.complete(warning: warning))
            }
        }
    }
}
