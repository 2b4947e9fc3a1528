import Execution
import GroupSimulation
import Primitives
import SwarmAPI

// What becomes of tasks on their nodes.
extension SimulatedCluster {
    /// Takes a task that is new, or a new version of it.
    mutating func take(_ number: Int, _ task: SwarmTask) {
        let known = self.nodes[number].assigned.updateValue(task, forKey: task.id)
        guard self.nodes[number].tasks[task.id] != nil else {
            let machine = TaskMachine(task: task, status: task.status)
            self.nodes[number].tasks[task.id] = SimulatedTask(machine: machine, saved: task.status)
            self.perform(number, task.id) { $0.begin(now: $1) }
            return
        }
        if known == nil || known?.desiredState != task.desiredState {
            self.perform(number, task.id) { $0.handle(.updated(task), now: $1) }
        }
    }

    mutating func withdraw(_ number: Int, _ id: String) {
        self.nodes[number].assigned[id] = nil
        self.nodes[number].unsent[id] = nil
        self.perform(number, id) { $0.handle(.withdrawn, now: $1) }
    }

    /// Takes up a task again that the disk knows.
    mutating func restore(_ number: Int, _ id: String) {
        guard var task = self.nodes[number].tasks[id] else { return }
        let isAssigned = self.nodes[number].assigned[id] != nil
        task.machine = TaskMachine(task: task.machine.task, status: task.saved)
        (task.call, task.ticket) = (nil, 0)
        self.nodes[number].tasks[id] = task
        self.perform(number, id) { $0.begin(now: $1) }
        if !isAssigned { self.perform(number, id) { $0.handle(.withdrawn, now: $1) } }
    }

    mutating func called(
        _ number: Int,
        _ id: String,
        _ ticket: Int,
        _ call: TaskCall,
        _ failure: CallFailure?
    ) {
        guard var task = self.nodes[number].tasks[id], task.ticket == ticket else { return }
        // In peace no container ends that is to run, whatever was arranged before.
        if !self.isDangerous, call == .wait, task.isRunning, failure != .cancelled,
            failure != nil || !task.machine.task.hasJobIteration
        {
            return self.beginWait(number, id, .good)
        }
        (task.call, task.ticket) = (nil, 0)
        switch (call, failure) {
        case (.start, nil):
            task.isRunning = true
            task.exit = nil
            task.starts += 1
        case (.wait, nil), (.wait, .exit?), (.shutdown, nil), (.remove, nil): task.isRunning = false
        default: break
        }
        self.nodes[number].tasks[id] = task
        self.perform(number, id) {
            $0.handle(
                failure.map { .failed(call, $0, container: nil) } ?? .succeeded(call, container: nil),
                now: $1
            )
        }
    }

    mutating func retry(_ number: Int, _ id: String) {
        guard self.nodes[number].tasks[id] != nil else { return }
        self.perform(number, id) { $0.handle(.timer, now: $1) }
    }

    /// Ends a container that runs, if the daemon waits for it.
    mutating func endContainer(_ number: Int, _ id: String, code: Int32) {
        guard let task = self.nodes[number].tasks[id], task.isRunning, task.call == .wait else { return }
        self.finish(number, id, .wait, .exit(code: code, "task: non-zero exit (\(code))"), after: .seconds(0))
    }

    /// Tells a machine something, and does what it wants.
    private mutating func perform(
        _ number: Int,
        _ id: String,
        _ fact: (inout TaskMachine, Timestamp) -> [TaskAction]
    ) {
        guard var task = self.nodes[number].tasks[id] else { return }
        let actions = fact(&task.machine, self.wallClock)
        // A crash may lose the newest status.
        let isSaved = self.taskChance.happens(0.8)
        self.nodes[number].tasks[id] = task
        for action in actions {
            switch action {
            case .call(let call): self.begin(number, id, call)
            case .cancel(let call):
                self.finish(
                    number,
                    id,
                    call,
                    .cancelled,
                    after: self.taskChance.time(mean: .milliseconds(20))
                )
            case .report(let status):
                if isSaved { self.nodes[number].tasks[id]?.saved = status }
                self.nodes[number].unsent[id] = status
                self.scheduleSending(number)
            case .retry(let delay):
                let event = ClusterEvent.retry(node: number, life: self.nodes[number].life, task: id)
                self.queue.add(event, at: self.now + delay.span)
            case .forget: self.forget(number, id)
            }
        }
    }

    /// Drops a task that left no trace; one that was assigned again meanwhile begins anew.
    private mutating func forget(_ number: Int, _ id: String) {
        self.nodes[number].tasks[id] = nil
        self.nodes[number].unsent[id] = nil
        guard let task = self.nodes[number].assigned[id] else { return }
        self.take(number, task)
    }

    /// Begins a call, whose end is arranged.
    private mutating func begin(_ number: Int, _ id: String, _ call: TaskCall) {
        guard let task = self.nodes[number].tasks[id] else { return }
        self.nodes[number].tasks[id]?.call = call
        let kind = self.isDangerous ? ImageKind(task.machine.task) : .good
        switch call {
        case .create, .update, .remove: self.finish(number, id, call, nil, after: .milliseconds(1))
        case .prepare:
            let failure = kind == .missing ? CallFailure.rejected("no such image") : nil
            let mean = kind == .slow ? Span.seconds(8) : .milliseconds(300)
            self.finish(number, id, call, failure, after: self.taskChance.time(mean: mean))
        case .start:
            let failure: CallFailure? =
                task.isRunning ? .started : kind == .sick ? .fatal("unhealthy container") : nil
            let mean = kind == .slow || kind == .sick ? Span.seconds(6) : .milliseconds(200)
            self.finish(number, id, call, failure, after: self.taskChance.time(mean: mean))
        case .wait: self.beginWait(number, id, kind)
        case .shutdown:
            let mean = Span.milliseconds(self.taskChance.pick([10, 500, 4_000]) ?? 10)
            self.finish(number, id, call, nil, after: self.taskChance.time(mean: mean))
        }
    }

    /// Arranges the end of a container, unless it runs until it is stopped.
    private mutating func beginWait(_ number: Int, _ id: String, _ kind: ImageKind) {
        guard let task = self.nodes[number].tasks[id] else { return }
        let exit = CallFailure.exit(code: 1, "task: non-zero exit (1)")
        self.nodes[number].tasks[id]?.ticket = 0
        if !task.isRunning {
            let lost = CallFailure.exit(code: 137, "task: non-zero exit (137)")
            return self.finish(number, id, .wait, lost, after: .milliseconds(1))
        }
        let isJob = task.machine.task.hasJobIteration
        switch kind {
        case .crashing:
            self.finish(number, id, .wait, exit, after: self.taskChance.time(mean: .milliseconds(800)))
        case .leaky: self.finish(number, id, .wait, exit, after: self.taskChance.time(mean: .seconds(15)))
        case .brief: self.finish(number, id, .wait, nil, after: self.taskChance.time(mean: .seconds(2)))
        case .good, .slow, .missing, .sick:
            guard isJob else { return }
            self.finish(number, id, .wait, nil, after: self.taskChance.time(mean: .seconds(6)))
        }
    }

    /// Arranges the end of a call; an earlier arrangement is called off.
    private mutating func finish(
        _ number: Int,
        _ id: String,
        _ call: TaskCall,
        _ failure: CallFailure?,
        after wait: Span
    ) {
        let ticket = self.nextNumber()
        self.nodes[number].tasks[id]?.ticket = ticket
        let event = ClusterEvent.called(
            node: number,
            life: self.nodes[number].life,
            task: id,
            ticket: ticket,
            call,
            failure
        )
        self.queue.add(event, at: self.now + wait)
    }
}
