import Execution
import Logging
import Primitives
import SwarmAPI

/// Runs one task's machine against its controller (SwarmKit `agent/task.go`).
struct TaskManager: Sendable {
    /// What came in and wasn't handled yet: one new version, one withdrawal, one outcome and a few timers.
    typealias Inbox = Mailbox<[TaskFact]>

    let id: String
    let inbox: Inbox
    let executor: any Executor
    let registry: ControllerRegistry
    let expansion: TaskExpansion
    let clock: WorkerClock
    let log: Logger
    /// Takes each new status; must not suspend, as the next step doesn't wait for anyone.
    let report: @Sendable (SwarmTaskStatus) -> Void

    /// Tells the manager of a task's new version; of several, only the newest counts.
    static func update(_ task: SwarmTask, in inbox: Inbox) {
        inbox.change { facts in
            facts.removeAll { if case .updated = $0 { true } else { false } }
            facts.append(.updated(task))
        }
    }

    /// Works until the task left no trace, and returns true; or until cancelled, and returns false.
    ///
    /// When cancelled it leaves the task running.
    func run(_ task: SwarmTask, from status: SwarmTaskStatus) async -> Bool {
        await withDiscardingTaskGroup(returning: Bool.self) { group in
            defer { group.cancelAll() }
            var machine = TaskMachine(task: task, status: status)
            var stop = StopSwitch()
            var actions = machine.begin(now: self.clock.now())
            for await _ in self.inbox.wakes() {
                let facts = self.inbox.access { facts in
                    defer { facts = [] }
                    return facts
                }
                for fact in facts { actions += machine.handle(fact, now: self.clock.now()) }
                for action in actions {
                    guard self.perform(action, machine.task, &stop, &group) else { return true }
                }
                actions = []
            }
            return false
        }
    }

    /// Begins what the machine wants; returns false when it wants no more.
    private func perform(
        _ action: TaskAction,
        _ task: SwarmTask,
        _ stop: inout StopSwitch,
        _ group: inout DiscardingTaskGroup
    ) -> Bool {
        switch action {
        case .report(let status):
            self.log.debug("task moved", metadata: ["task": "\(self.id)", "state": "\(status.state)"])
            self.report(status)
        case .call(let call):
            stop = StopSwitch()
            group.addTask { [stop] in await self.make(call, task, stop) }
        case .cancel: stop.stop()
        case .retry(let delay): group.addTask { await self.wake(after: delay) }
        case .forget:
            self.registry.remove(self.id)
            return false
        }
        return true
    }

    private func wake(after delay: Duration) async {
        do { try await self.clock.sleep(delay) } catch { return }
        self.inbox.change { $0.append(.timer) }
    }

    /// Makes one call and tells its outcome, unless the daemon ends meanwhile.
    private func make(_ call: TaskCall, _ task: SwarmTask, _ stop: StopSwitch) async {
        var failure: CallFailure?
        do {
            try await stop.run { try await self.makeCall(call, task) }
        } catch {
            failure = CallFailure(error)
            self.log.debug(
                "task's call failed",
                metadata: ["task": "\(self.id)", "call": "\(call)", "error": "\(error)"]
            )
        }
        if Task.isCancelled { return }
        let container = await self.registry.controller(of: self.id)?.containerStatus()
        let fact: TaskFact =
            failure.map { .failed(call, $0, container: container) } ?? .succeeded(call, container: container)
        self.inbox.change { $0.append(fact) }
    }

    private func makeCall(_ call: TaskCall, _ task: SwarmTask) async throws {
        if call == .create {
            let seen = try await self.expansion.expand(task)
            let controller = try await self.executor.controller(for: seen.task) { [expansion] in
                try await expansion.files(of: task)
            }
            return self.registry.insert(.init(task: task, controller: controller, fault: seen.fault))
        }
        guard let controller = self.registry.controller(of: self.id) else {
            preconditionFailure("task \(self.id): \(call) without a controller")
        }
        switch call {
        case .create: break
        case .update: try await controller.update(try await self.expansion.expand(task).task)
        case .prepare:
            // Told now and not when the controller is made: without one nothing could be cleared away.
            if let fault = self.registry.fault(of: self.id) { throw ControllerError.rejected(fault) }
            try await controller.prepare()
        case .start: try await controller.start()
        case .wait: try await controller.wait()
        case .shutdown: try await controller.shutdown()
        case .remove: try await controller.remove()
        }
    }
}
