package import Primitives
package import SwarmAPI

/// Leads one task through its states on a node: facts in, actions out.
///
/// A task goes ACCEPTED, PREPARING, READY, STARTING, RUNNING, COMPLETE as far as its desired state allows;
/// a desired state of SHUTDOWN or beyond stops it, REMOVE also clears it away. Failures before STARTING
/// make it REJECTED, later ones FAILED; passing failures are tried again. Its observed state never goes
/// back (SwarmKit `agent/exec/controller.go`, `Do` and `Resolve`).
package struct TaskMachine: Sendable {
    /// The pause before a call that failed in passing is made again.
    package static let retryDelay: Duration = .seconds(1)
    /// How often removal is tried; what is left then is a leftover for the next start of the daemon.
    package static let removeLimit = 30

    private enum Activity: Equatable {
        case idle
        case calling(TaskCall, cancelled: Bool)
        case pausing(until: Timestamp)
        case gone
    }

    /// The newest version of the task.
    package private(set) var task: SwarmTask
    /// What this node last observed of the task; the task's own status field is only its beginning.
    package private(set) var status: SwarmTaskStatus

    private var activity = Activity.idle
    private var isCreated = false
    private var isUpdatePending = false
    private var isWithdrawn = false
    private var isRemoved = false
    private var removals = 0

    /// A machine for `task`, that goes on from `status`.
    package init(task: SwarmTask, status: SwarmTaskStatus) {
        self.task = task
        self.status = status
    }

    /// Starts, or continues after the daemon's restart.
    package mutating func begin(now: Timestamp) -> [TaskAction] { self.advance(now: now) }

    /// Takes in a fact.
    package mutating func handle(_ fact: TaskFact, now: Timestamp) -> [TaskAction] {
        switch fact {
        case .updated(let task): self.update(task, now: now)
        case .withdrawn: self.withdraw(now: now)
        case .succeeded(let call, let container): self.succeed(call, container, now: now)
        case .failed(let call, let failure, let container): self.fail(call, failure, container, now: now)
        case .timer: self.resume(now: now)
        }
    }
}

// MARK: - What is wanted

extension TaskMachine {
    /// The state to reach, as a number that orders.
    private var goal: Int {
        self.isWithdrawn ? SwarmTaskState.remove.rawValue : self.task.desiredState.rawValue
    }
    private var mustStop: Bool { self.goal >= SwarmTaskState.shutdown.rawValue }
    private var mustRemove: Bool { self.goal >= SwarmTaskState.remove.rawValue }
    private var hasEnded: Bool { self.status.state.rawValue >= SwarmTaskState.complete.rawValue }

    private mutating func update(_ task: SwarmTask, now: Timestamp) -> [TaskAction] {
        self.task = task
        self.isUpdatePending = self.isCreated && !self.hasEnded
        return self.interrupt(now: now)
    }

    private mutating func withdraw(now: Timestamp) -> [TaskAction] {
        self.isWithdrawn = true
        return self.interrupt(now: now)
    }

    /// Looks again at what is wanted, and cuts short what stands in its way.
    private mutating func interrupt(now: Timestamp) -> [TaskAction] {
        switch self.activity {
        case .idle: return self.advance(now: now)
        case .pausing where self.mustStop || self.isUpdatePending:
            self.activity = .idle
            return self.advance(now: now)
        case .calling(let call, cancelled: false) where self.isInTheWay(call):
            self.activity = .calling(call, cancelled: true)
            return [.cancel(call)]
        case .pausing, .calling, .gone: return []
        }
    }

    /// A wait lasts as long as the task, so it gives way to everything; other calls only to a stop.
    private func isInTheWay(_ call: TaskCall) -> Bool {
        switch call {
        case .wait: self.isUpdatePending || self.mustStop
        case .prepare, .start: self.mustStop
        case .create, .update, .shutdown, .remove: false
        }
    }

    private mutating func resume(now: Timestamp) -> [TaskAction] {
        guard case .pausing(let until) = self.activity, now >= until else { return [] }
        self.activity = .idle
        return self.advance(now: now)
    }
}

// MARK: - The next step

extension TaskMachine {
    /// Takes steps until one needs the executor, or there is nothing to do.
    private mutating func advance(now: Timestamp) -> [TaskAction] {
        guard self.activity == .idle else { return [] }
        var actions: [TaskAction] = []
        while let next = self.transition {
            self.move(to: next.state, next.message, now: now, &actions)
        }
        if let call = self.nextCall {
            self.activity = .calling(call, cancelled: false)
            if call == .update { self.isUpdatePending = false }
            actions.append(.call(call))
        } else if self.mustRemove && self.hasEnded {
            self.activity = .gone
            actions.append(.forget)
        }
        return actions
    }

    /// The state change that needs no call before it.
    private var transition: (state: SwarmTaskState, message: String)? {
        guard !self.mustStop, self.goal > self.status.state.rawValue else { return nil }
        switch self.status.state {
        case .new, .pending, .assigned: return (.accepted, "accepted")
        case .accepted where self.isCreated: return (.preparing, "preparing")
        case .ready where self.isCreated && !self.isUpdatePending: return (.starting, "starting")
        default: return nil
        }
    }

    private var nextCall: TaskCall? {
        if self.hasEnded {
            guard self.mustRemove, !self.isRemoved else { return nil }
            return self.isCreated ? .remove : .create
        }
        if !self.isCreated { return .create }
        if self.isUpdatePending { return .update }
        if self.mustStop { return .shutdown }
        guard self.goal >= self.status.state.rawValue else { return nil }
        switch self.status.state {
        case .preparing: return .prepare
        case .starting: return .start
        case .running: return .wait
        default: return nil
        }
    }

    private mutating func move(
        to state: SwarmTaskState,
        _ message: String,
        now: Timestamp,
        _ actions: inout [TaskAction]
    ) {
        precondition(
            state.rawValue > self.status.state.rawValue,
            "task \(self.task.id) would go from \(self.status.state) back to \(state)"
        )
        self.status.state = state
        self.status.message = message
        self.status.err = ""
        self.status.timestamp = now.protobuf
        self.report(&actions)
    }

    private func report(_ actions: inout [TaskAction]) {
        if !self.isWithdrawn { actions.append(.report(self.status)) }
    }
}

// MARK: - What calls bring

extension TaskMachine {
    private mutating func succeed(
        _ call: TaskCall,
        _ container: SwarmContainerStatus?,
        now: Timestamp
    ) -> [TaskAction] {
        self.end(call)
        self.observe(container)
        var actions: [TaskAction] = []
        switch call {
        case .create: self.isCreated = true
        case .update: break
        case .prepare: self.move(to: .ready, "prepared", now: now, &actions)
        case .start: self.move(to: .running, "started", now: now, &actions)
        case .wait: self.move(to: .complete, "finished", now: now, &actions)
        case .shutdown: self.move(to: .shutdown, "shutdown", now: now, &actions)
        case .remove: self.isRemoved = true
        }
        return actions + self.advance(now: now)
    }

    private mutating func fail(
        _ call: TaskCall,
        _ failure: CallFailure,
        _ container: SwarmContainerStatus?,
        now: Timestamp
    ) -> [TaskAction] {
        if call == .start, failure == .started { return self.succeed(call, container, now: now) }
        let wasCancelled = self.end(call)
        self.observe(container)
        // What was prepared or running no more matters: it is cleared away as far as possible.
        if self.hasEnded { return self.failToRemove(call, now: now) }
        // A controller that can't take a new version still can be stopped (SwarmKit `agent/task.go`).
        if call == .update { return self.advance(now: now) }
        // Interrupted calls fail in executors' own ways; only a true exit says something of the task.
        if wasCancelled, !failure.isExit { return self.advance(now: now) }
        switch failure {
        case .cancelled: return self.pause(now: now)
        case .temporary(let reason):
            self.status.err = reason
            self.status.timestamp = now.protobuf
            var actions: [TaskAction] = []
            self.report(&actions)
            return actions + self.pause(now: now)
        case .started: return self.conclude("unexpected: started before", rejected: false, now: now)
        case .rejected(let reason): return self.conclude(reason, rejected: true, now: now)
        case .fatal(let reason): return self.conclude(reason, rejected: false, now: now)
        case .exit(let code, let text):
            self.status.container.exitCode = code
            return self.conclude(text, rejected: false, now: now)
        }
    }

    /// Ends the task as REJECTED or FAILED; the message stays the last step's, as SwarmKit's tools expect.
    private mutating func conclude(_ reason: String, rejected: Bool, now: Timestamp) -> [TaskAction] {
        let early = self.status.state.rawValue < SwarmTaskState.starting.rawValue
        let unfit = rejected && self.status.state.rawValue < SwarmTaskState.running.rawValue
        self.status.state = early || unfit ? .rejected : .failed
        self.status.err = reason
        self.status.timestamp = now.protobuf
        var actions: [TaskAction] = []
        self.report(&actions)
        return actions + self.advance(now: now)
    }

    private mutating func failToRemove(_ call: TaskCall, now: Timestamp) -> [TaskAction] {
        self.removals += 1
        guard self.removals < Self.removeLimit else {
            self.isRemoved = true
            return self.advance(now: now)
        }
        return self.pause(now: now)
    }

    private mutating func pause(now: Timestamp) -> [TaskAction] {
        // What came in meanwhile may ask for something else, which needs no pause.
        if self.isUpdatePending { return self.advance(now: now) }
        self.activity = .pausing(until: now + Self.retryDelay)
        return [.retry(after: Self.retryDelay)]
    }

    @discardableResult
    private mutating func end(_ call: TaskCall) -> Bool {
        guard case .calling(call, let cancelled) = self.activity else {
            preconditionFailure("task \(self.task.id): \(call) ended while \(self.activity)")
        }
        self.activity = .idle
        return cancelled
    }

    /// Container status is collected from STARTING on; what isn't known now keeps its last value.
    private mutating func observe(_ container: SwarmContainerStatus?) {
        guard let container, self.status.state.rawValue >= SwarmTaskState.starting.rawValue else { return }
        self.status.container = container
    }
}

extension CallFailure {
    fileprivate var isExit: Bool {
        if case .exit = self { true } else { false }
    }
}
