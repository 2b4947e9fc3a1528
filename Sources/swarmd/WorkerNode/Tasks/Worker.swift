import Execution
import Logging
import Primitives
import SwarmAPI
import SwiftProtobuf

/// Holds this node's tasks: takes assignments in, and runs a manager for each task (SwarmKit `agent/worker.go`).
struct Worker: Sendable {
    /// How many tasks a node holds, ended ones included; what is assigned beyond is rejected.
    static let taskLimit = 50_000
    /// How many messages of assignments may wait; beyond, the session lists everything again.
    static let messageLimit = 1_000

    private struct Inbox: Sendable {
        var messages: [SwarmAssignmentsMessage] = []
        /// Tasks that left no trace; bounded by the number of tasks.
        var finished: [String] = []
    }

    private let database: TaskDatabase
    private let executor: any Executor
    private let reporter: StatusReporter
    private let keeper: StatusKeeper
    private let registry: ControllerRegistry
    private let expansion: TaskExpansion
    private let clock: WorkerClock
    private let log: Logger
    private let inbox = Mailbox(Inbox())

    init(
        database: TaskDatabase,
        executor: any Executor,
        reporter: StatusReporter,
        registry: ControllerRegistry,
        describe: @escaping @Sendable () async throws -> SwarmNodeDescription,
        clock: WorkerClock,
        log: Logger
    ) {
        self.database = database
        self.executor = executor
        self.reporter = reporter
        self.keeper = StatusKeeper(database: database, clock: clock, log: log)
        self.registry = registry
        self.expansion = TaskExpansion(dependencies: DependencyStore(), describe: describe)
        self.clock = clock
        self.log = log
    }

    /// Hands a message to the worker; returns false when too many wait, and a complete one is needed.
    func submit(_ message: SwarmAssignmentsMessage) -> Bool {
        self.inbox.change { inbox in
            // A complete message makes those before it pointless.
            if message.type == .complete { inbox.messages = [] }
            guard inbox.messages.count < Self.messageLimit else { return false }
            inbox.messages.append(message)
            return true
        }
    }

    /// Runs the tasks that were assigned before, then those that come; leaves all running when cancelled.
    func run() async throws {
        let records = try await self.database.load()
        do {
            try await self.executor.removeLeftovers(except: Set(records.map(\.task.id)))
        } catch {
            self.log.warning("leftovers of old tasks remain", metadata: ["error": "\(error)"])
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keeper.run() }
            var assignments = AssignmentSet(tasks: records.filter(\.isAssigned).map(\.task))
            var managers: [String: TaskManager.Inbox] = [:]
            for record in records { self.restore(record, &managers, &group) }
            for await _ in self.inbox.wakes() {
                let inbox = self.inbox.access { inbox in
                    defer { inbox = Inbox() }
                    return inbox
                }
                do {
                    try await self.work(off: inbox, &assignments, &managers, &group)
                } catch { break }
            }
            group.cancelAll()
        }
    }
}

// MARK: - Assignments

extension Worker {
    private func work(
        off inbox: Inbox,
        _ assignments: inout AssignmentSet,
        _ managers: inout [String: TaskManager.Inbox],
        _ group: inout DiscardingTaskGroup
    ) async throws {
        for id in inbox.finished { managers[id] = nil }
        var changes = TaskDatabase.Changes()
        changes.forgotten = inbox.finished
        // A task that was withdrawn, and assigned again before it was gone, begins anew.
        let revived = inbox.finished.compactMap { assignments.tasks[$0] }
        var differences = [AssignmentSet.Difference(updated: revived)]
        changes.assigned = revived
        for message in inbox.messages {
            var difference = assignments.apply(message)
            difference.updated = self.admit(difference.updated, managers)
            changes.fold(difference)
            differences.append(difference)
        }
        if !inbox.messages.isEmpty {
            self.expansion.dependencies.replace(secrets: assignments.secrets, configs: assignments.configs)
        }
        // On the disk before anything starts: what runs must be known after a crash.
        try await self.save(changes)
        for id in inbox.finished { self.reporter.forget(id) }
        for difference in differences {
            for task in difference.updated { self.run(task, &managers, &group) }
            for id in difference.withdrawn {
                self.reporter.forget(id)
                managers[id]?.change { $0.append(.withdrawn) }
            }
        }
    }

    /// Rejects the tasks that are too many for this node.
    private func admit(_ tasks: [SwarmTask], _ managers: [String: TaskManager.Inbox]) -> [SwarmTask] {
        guard managers.count + tasks.count > Self.taskLimit else { return tasks }
        var room = Self.taskLimit - managers.count
        return tasks.filter { task in
            if managers[task.id] != nil { return true }
            room -= 1
            guard room < 0 else { return true }
            let status = SwarmTaskStatus.with {
                $0.state = .rejected
                $0.timestamp = self.clock.now().protobuf
                $0.message = "rejected"
                $0.err = "the node holds its limit of \(Self.taskLimit) tasks"
            }
            self.reporter.report(status, of: task.id)
            return false
        }
    }

    /// Writes until it succeeds: a node without a disk takes no tasks, but those it has go on.
    private func save(_ changes: TaskDatabase.Changes) async throws {
        guard !changes.isEmpty else { return }
        var backoff = Backoff(base: .milliseconds(100), limit: .seconds(8))
        var dice = SystemRandomNumberGenerator()
        while true {
            do {
                return try await self.database.save(changes)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                self.log.error("assignments can't be written", metadata: ["error": "\(error)"])
                try await self.clock.sleep(backoff.next(using: &dice))
            }
        }
    }
}

extension TaskDatabase.Changes {
    /// Adds what one message changes; the last word on each task counts.
    fileprivate mutating func fold(_ difference: AssignmentSet.Difference) {
        let touched = Set(difference.updated.map(\.id)).union(difference.withdrawn)
        if !self.assigned.isEmpty { self.assigned.removeAll { touched.contains($0.id) } }
        if !self.withdrawn.isEmpty { self.withdrawn.removeAll { touched.contains($0) } }
        self.assigned += difference.updated
        self.withdrawn += difference.withdrawn
    }
}

// MARK: - Managers

extension Worker {
    private func restore(
        _ record: TaskDatabase.Record,
        _ managers: inout [String: TaskManager.Inbox],
        _ group: inout DiscardingTaskGroup
    ) {
        let status = record.status ?? record.task.status
        if record.isAssigned, record.status != nil { self.reporter.report(status, of: record.task.id) }
        let inbox = TaskManager.Inbox(record.isAssigned ? [] : [.withdrawn])
        managers[record.task.id] = inbox
        self.start(record.task, from: status, inbox, &group)
    }

    private func run(
        _ task: SwarmTask,
        _ managers: inout [String: TaskManager.Inbox],
        _ group: inout DiscardingTaskGroup
    ) {
        if let inbox = managers[task.id] {
            TaskManager.update(task, in: inbox)
        } else {
            let inbox = TaskManager.Inbox([])
            managers[task.id] = inbox
            self.start(task, from: task.status, inbox, &group)
        }
    }

    private func start(
        _ task: SwarmTask,
        from status: SwarmTaskStatus,
        _ inbox: TaskManager.Inbox,
        _ group: inout DiscardingTaskGroup
    ) {
        let id = task.id
        let manager = TaskManager(
            id: id,
            inbox: inbox,
            executor: self.executor,
            registry: self.registry,
            expansion: self.expansion,
            clock: self.clock,
            log: self.log
        ) { status in
            self.reporter.report(status, of: id)
            self.keeper.keep(status, of: id)
        }
        group.addTask {
            guard await manager.run(task, from: status) else { return }
            self.inbox.change { $0.finished.append(id) }
        }
    }
}
