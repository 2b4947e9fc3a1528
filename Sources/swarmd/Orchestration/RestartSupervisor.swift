import Primitives
import StoreCore
import SwarmAPI

/// Replaces tasks that ended or lost their node, as their service's restart policy says.
///
/// A replacement is desired READY, so that its node may prepare it, until its delay is over and the old task
/// has stopped; then it is desired RUNNING (SwarmKit `orchestrator/restart/restart.go`). The delays and the
/// history of restarts are in memory only: a new leader finds them again in the tasks.
struct RestartSupervisor: Sendable {
    /// How long a replacement waits for the old task to stop, at most.
    static let stopPatience = Duration.seconds(60)

    /// When a prepared task may start.
    private struct Start: Sendable {
        let notBefore: Timestamp
        /// From here on it does not wait for its predecessor any longer.
        let patienceEnds: Timestamp
    }

    private var starts: [String: Start] = [:]
    private var histories: [String: [Place: RestartHistory]] = [:]
    private var streaks: [String: [Place: CrashStreak]] = [:]

    /// Says whether the policy of `task`, which held `place`, lets it be replaced after its end.
    ///
    /// The loss or the draining of a node is no exception: a task that must not be restarted is not moved. A
    /// job's task that has completed is done under every policy.
    func permitsRestart(of task: SwarmTask, at place: Place) -> Bool {
        let rule = RestartRule(task.spec)
        guard rule.permitsRestart(of: task) else { return false }
        guard rule.maxAttempts > 0, let history = self.histories[task.serviceID]?[place],
            history.era == RestartEra(task)
        else { return true }
        return history.permits(restartOf: task, rule: rule)
    }

    /// Puts the task at `position` out of use, and a new one in its place if the policy permits.
    ///
    /// While the task still waits for its own start, nothing is done before that moment, which is returned:
    /// a task that cannot even be prepared is not replaced faster than its delay says.
    mutating func replace(
        at position: Int,
        in slot: inout Slot,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        let task = slot.tasks[position]
        if task.desiredState == .ready, context.hold == nil {
            let start = self.start(of: task, in: slot)
            if start.notBefore > context.now { return start.notBefore }
        }
        self.starts[task.id] = nil
        let isPermitted = self.permitsRestart(of: task, at: slot.place)
        var delay = RestartRule(task.spec).delay
        if task.hasEnded, isPermitted {
            let streak = self.noteEnd(of: task, at: slot.place)
            delay = streak.delay
            if let message = streak.message { slot.tasks[position].status.message = message }
        }
        draft.desire(.shutdown, of: &slot.tasks[position])
        guard isPermitted else { return nil }
        let isDrained = context.state.nodes[task.nodeID]?.spec.availability == .drain
        self.succeed(in: &slot, after: isDrained ? .zero : delay, context: &context, draft: &draft)
        return nil
    }

    /// Adds a restart to the slot, and leaves the tasks in it as they are.
    mutating func succeed(
        in slot: inout Slot,
        after delay: Duration,
        context: inout PlanContext,
        draft: inout Draft
    ) {
        let replacement = context.makeTask(at: slot.place)
        // The first task of another spec is none of that spec's restarts: so a new leader counts them, too.
        if slot.tasks.contains(where: { RestartEra($0) == RestartEra(replacement) }) {
            self.record(replacement, at: context.now, place: slot.place)
        }
        self.add(replacement, to: &slot, after: delay, now: context.now, draft: &draft)
    }

    /// Counts the end of `task`; returns what the next one has to wait and, in a loop, what to tell of it.
    private mutating func noteEnd(
        of task: SwarmTask,
        at place: Place
    ) -> (delay: Duration, message: String?) {
        let era = RestartEra(task)
        var streak = self.streaks[task.serviceID]?[place] ?? CrashStreak(era: era)
        if streak.era != era { streak = CrashStreak(era: era) }
        streak.ended(task)
        let delay = streak.nextDelay(RestartRule(task.spec))
        self.streaks[task.serviceID, default: [:]][place] = streak
        return (delay, streak.isLooping ? streak.message : nil)
    }

    /// Adds `task` to its slot, to start after `delay` and after those before it have stopped.
    mutating func add(
        _ task: SwarmTask,
        to slot: inout Slot,
        after delay: Duration,
        now: Timestamp,
        draft: inout Draft
    ) {
        var task = task
        task.desiredState = .ready
        self.starts[task.id] = Start(notBefore: now + delay, patienceEnds: now + Self.stopPatience)
        slot.tasks.append(task)
        draft.create(task)
    }

    /// Lets the prepared tasks of `slot` start whose time has come; returns when to look again.
    mutating func release(
        in slot: inout Slot,
        context: PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        var next: Timestamp?
        for position in slot.tasks.indices {
            let task = slot.tasks[position]
            guard task.desiredState == .ready, !task.hasEnded else { continue }
            if let hold = context.hold {
                Self.explain(hold, at: &slot.tasks[position], draft: &draft)
                continue
            }
            let start = self.start(of: task, in: slot)
            let isHeld = start.patienceEnds > context.now && Self.isHeld(task, in: slot, context: context)
            if start.notBefore <= context.now, !isHeld {
                self.starts[task.id] = nil
                draft.desire(task.isOfJob ? .complete : .running, of: &slot.tasks[position])
            } else {
                let moment = start.notBefore > context.now ? start.notBefore : start.patienceEnds
                next = min(next ?? moment, moment)
            }
        }
        return next
    }

    /// Shows what a prepared task waits for; on its way there other components have the say.
    private static func explain(_ hold: String, at task: inout SwarmTask, draft: inout Draft) {
        guard task.status.state == .ready, task.status.message != hold else { return }
        task.status.message = hold
        draft.update(task)
    }

    /// Whether a predecessor may still run on a node that can say so, or may yet be given a node because its end is
    /// decided and not committed.
    ///
    /// One that is wanted itself is no predecessor where the new task starts first; elsewhere its end was decided,
    /// and another change came before.
    private static func isHeld(_ task: SwarmTask, in slot: Slot, context: PlanContext) -> Bool {
        slot.tasks.contains { other in
            guard other.id != task.id else { return false }
            let node = context.state.nodes[other.nodeID]
            if other.isWanted {
                let isFollowed = UpdateRule(context.service).isStartFirst || DrainPacing.startsFirst(node)
                guard !isFollowed, SwarmTask.isOlder(other, task) else { return false }
            }
            if other.mayRun { return !node.isDown }
            return other.status.state == .pending && context.state.tasks[other.id]?.isWanted == true
        }
    }

    /// When a prepared task may start; the first one of a slot, which was held for another service, at once.
    private func start(of task: SwarmTask, in slot: Slot) -> Start {
        if let start = self.starts[task.id] { return start }
        let created = Timestamp(task.meta.createdAt)
        return Start(
            notBefore: slot.tasks.count == 1 ? created : created + RestartRule(task.spec).delay,
            patienceEnds: created + Self.stopPatience
        )
    }

    private mutating func record(_ replacement: SwarmTask, at moment: Timestamp, place: Place) {
        let rule = RestartRule(replacement.spec)
        guard rule.maxAttempts > 0 else { return }
        let era = RestartEra(replacement)
        var history = self.histories[replacement.serviceID]?[place]
        if history?.era != era { history = RestartHistory(era: era) }
        history?.record(at: moment, rule: rule)
        self.histories[replacement.serviceID, default: [:]][place] = history
    }
}

extension RestartSupervisor {
    /// Finds the history of a slot again: every task of its newest era but the first was a restart.
    mutating func rebuild(from slot: Slot) {
        guard let newest = slot.tasks.last.map(RestartEra.init), slot.tasks.count > 1 else { return }
        let tasks = slot.tasks.filter { RestartEra($0) == newest }
        for task in tasks.dropFirst() {
            self.record(task, at: Timestamp(task.meta.createdAt), place: slot.place)
        }
        for task in tasks where task.hasEnded && !task.isWanted && task.status.state != .shutdown {
            _ = self.noteEnd(of: task, at: slot.place)
        }
    }

    /// Forgets a task that is gone.
    mutating func forget(task id: String) { self.starts[id] = nil }

    /// Forgets a service that is gone: its history, and with its tasks their delays.
    mutating func forget(service id: String, tasks: [SwarmTask]) {
        self.histories[id] = nil
        self.streaks[id] = nil
        for task in tasks { self.starts[task.id] = nil }
    }
}
