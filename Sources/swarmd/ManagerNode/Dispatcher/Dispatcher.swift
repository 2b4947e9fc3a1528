import Dispatching
import GRPCCore
package import Logging
package import Primitives
package import ReplicatedStore
import StoreCore
package import SwarmAPI
import Synchronization

/// Gives the agents their tasks and takes their reports; only on the leader.
///
/// One watch of the store feeds the streams of all agents (SwarmKit `manager/dispatcher`).
package final class Dispatcher: Sendable {
    let store: ReplicatedStore
    let managers: @Sendable () async -> [SwarmWeightedPeer]
    private let clock: any WallClock
    let steady: any WallClock
    private let log: Logger
    private let term = Mutex<DispatcherTerm?>(nil)
    private let generator: Mutex<SeededGenerator>
    private let watchers = Mutex<[BoundedNotice]>([])
    let nodeWrites: CoalescingWriter<NodeWrite>
    let statusWrites: CoalescingWriter<StatusBatch.Report>

    /// `managers` lists the managers that agents may turn to; `managerID` is the node that signs reports.
    ///
    /// `clock` dates reports; `steady`, which must not jump, measures the deadlines of sessions.
    package init(
        store: ReplicatedStore,
        managerID: String,
        managers: @escaping @Sendable () async -> [SwarmWeightedPeer],
        seed: UInt64,
        clock: any WallClock,
        steady: any WallClock,
        log: Logger
    ) {
        self.store = store
        self.managers = managers
        self.clock = clock
        self.steady = steady
        self.log = log
        self.generator = Mutex(SeededGenerator(seed: seed))
        // Marks of one node must not overtake each other, so one transaction at a time.
        self.nodeWrites = CoalescingWriter(inFlight: 1) { writes in
            try await store.updateWithPatience { transaction in
                for write in writes { try write.apply(to: &transaction) }
            }
        }
        self.statusWrites = CoalescingWriter(inFlight: DispatcherLimits.transactionsInFlight) { reports in
            let batch = StatusBatch(reports)
            try await store.updateWithPatience { transaction in
                let tasks = batch.tasks(on: transaction.state, by: managerID, now: clock.now)
                for task in tasks { try transaction.update(task) }
            }
        }
    }

    /// Serves one term of leadership, until it is cancelled; may run again for a later term.
    package func run() async {
        let watch = await self.store.watch(limit: DispatcherLimits.watchedCommits, of: DispatcherTerm.follows)
        let generator = SeededGenerator(seed: self.generator.withLock { $0.next() })
        let nodes = watch.state.nodes.all.map { (id: $0.id, isDown: $0.status.state == .down) }
        var term = DispatcherTerm(on: watch.state, at: watch.index, generator: generator)
        self.nodeWrites.open()
        self.statusWrites.open()
        // Before the first agent can call: its READY must come after our UNKNOWN.
        self.perform(term.sessions.start(nodes: nodes, now: self.steady.now))
        self.term.withLock { $0 = term }
        self.notifyWatchers()
        defer { self.end() }
        await withTaskGroup { group in
            group.addTask { await self.nodeWrites.run() }
            group.addTask { await self.statusWrites.run() }
            group.addTask { await self.follow(watch.commits) }
            group.addTask { await self.expire() }
        }
    }

    /// The sessions, for the console, ordered by node.
    package func sessions() async -> [SwarmdDispatcherSession] {
        let sessions = self.term.withLock { $0?.sessions.sessions ?? [] }
        let (now, steady) = (self.clock.now, self.steady.now)
        return sessions.map { session in
            var message = SwarmdDispatcherSession()
            message.nodeID = session.nodeID
            message.sessionID = session.sessionID
            message.addr = session.addr
            message.openedAt = (now + (session.openedAt - steady)).protobuf
            message.lastHeartbeat = (now + (session.lastHeartbeat - steady)).protobuf
            return message
        }
    }

    /// Comes when a session was opened or ended; several changes may share one notice.
    package func sessionChanges() -> AsyncStream<Void> {
        let notice = BoundedNotice()
        self.watchers.withLock { $0.append(notice) }
        return notice.stream
    }

    private func end() {
        self.term.withLock { term in
            term?.closeAll(Self.mustDisconnect)
            term = nil
        }
        self.notifyWatchers()
    }

    /// Keeps the streams informed; after a lag it goes on from the whole state.
    private func follow(_ commits: CommitFeed) async {
        var commits = commits
        while !Task.isCancelled {
            for await commit in commits { self.change { $0.apply(commit) } }
            guard !Task.isCancelled else { return }
            let watch = await self.store.watch(
                limit: DispatcherLimits.watchedCommits,
                of: DispatcherTerm.follows
            )
            self.change { $0.jump(to: watch.state, at: watch.index) }
            commits = watch.commits
            // A store that is closed ends every watch at once.
            try? await ContinuousClock().sleep(for: DispatcherLimits.pause)
        }
    }

    private func expire() async {
        while !Task.isCancelled {
            let now = self.steady.now
            self.change { $0.sessions.expire(now: now) }
            let latest = now + DispatcherLimits.longestWait
            let deadline = self.term.withLock { $0?.sessions.deadline } ?? latest
            try? await self.steady.sleep(until: min(max(deadline, now + .milliseconds(1)), latest))
        }
    }

    /// Changes the term's state and does what follows.
    private func change(_ body: (inout DispatcherTerm) -> [SessionTable.Action]) {
        let actions = self.term.withLock { term -> [SessionTable.Action] in
            // Taken out, so that the change does not copy the tables.
            guard var present = term.take() else { return [] }
            defer { term = present }
            return body(&present)
        }
        self.perform(actions)
    }

    /// Like `change`, with a result, for the calls of agents.
    func withTerm<Result>(_ body: (inout DispatcherTerm) throws -> sending Result) throws -> sending Result {
        try self.term.withLock { term in
            guard var present = term.take() else {
                throw RPCError(code: .aborted, message: "dispatcher is stopped")
            }
            defer { term = present }
            return try body(&present)
        }
    }

    /// Does what the session table asks for.
    func perform(_ actions: [SessionTable.Action]) {
        guard !actions.isEmpty else { return }
        for action in actions {
            switch action {
            case .markUnknown(let node):
                let message = #"Node moved to "unknown" state due to leadership change in cluster"#
                self.nodeWrites.enqueue([.mark(node: node, .unknown, message: message)])
            case .markDisconnected(let node):
                let message = "node is currently trying to find new manager"
                self.nodeWrites.enqueue([.mark(node: node, .disconnected, message: message)])
            case .markDown(let node, let message):
                self.log.info("node is down", metadata: ["node": "\(node)", "reason": "\(message)"])
                self.nodeWrites.enqueue([.mark(node: node, .down, message: message)])
            case .close(let node, let session):
                self.term.withLock { $0?.close(node: node, session: session, Self.replaced) }
            case .orphanTasks(let node):
                let tasks = self.term.withLock { $0?.state.tasks.find(.node(node)) ?? [] }
                self.log.notice("tasks of a lost node are given up", metadata: ["node": "\(node)"])
                self.nodeWrites.enqueue(tasks.filter(NodeWrite.isHeldByNode).map { .orphan(task: $0.id) })
            }
        }
        self.notifyWatchers()
    }

    func notifyWatchers() {
        self.watchers.withLock { $0.removeAll { !$0.notify() } }
    }

    static var mustDisconnect: RPCError { RPCError(code: .aborted, message: "node must disconnect") }

    private static func replaced(_ purpose: DispatcherTerm.Purpose) -> RPCError {
        switch purpose {
        case .session: Self.mustDisconnect
        case .assignments: RPCError(code: .invalidArgument, message: "session invalid")
        }
    }
}
