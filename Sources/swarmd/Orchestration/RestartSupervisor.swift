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
    private var histories: [String: [UInt64: RestartHistory]] = [:]

    /// Says whether the policy of `task` lets it be replaced after its end.
    ///
    /// The loss or the draining of a node is no exception: a task that must not be restarted is not moved.
    func permitsRestart(of task: SwarmTask) -> Bool {
        let rule = RestartRule(task.spec)
        switch rule.condition {
        case .none: return false
        case .onFailure where task.status.state == .complete: return false
        case .onFailure, .any, .UNRECOGNIZED: break
        }
        guard rule.maxAttempts > 0, let history = self.histories[task.serviceID]?[task.slot],
            history.isOf(specVersion: task.specVersion.index)
        else { return true }
        return history.permits(restartOf: task, rule: rule)
    }

    /// Puts the task at `position` out of use, and a new one in its slot if the policy permits.
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
        if task.desiredState == .ready, self.start(of: task).notBefore > context.now {
            return self.start(of: task).notBefore
        }
        self.starts[task.id] = nil
        draft.desire(.shutdown, of: &slot.tasks[position])
        guard self.permitsRestart(of: task) else { return nil }
        let isDrained = context.state.nodes[task.nodeID]?.spec.availability == .drain
        let replacement = context.makeTask(slot: slot.number)
        self.record(replacement, at: context.now)
        let delay = isDrained ? .zero : RestartRule(task.spec).delay
        self.add(replacement, to: &slot, after: delay, now: context.now, draft: &draft)
        return nil
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
            let start = self.start(of: task)
            let isHeld = start.patienceEnds > context.now && Self.isHeld(task, in: slot, context: context)
            if start.notBefore <= context.now, !isHeld {
                self.starts[task.id] = nil
                draft.desire(.running, of: &slot.tasks[position])
            } else {
                let moment = start.notBefore > context.now ? start.notBefore : start.patienceEnds
                next = min(next ?? moment, moment)
            }
        }
        return next
    }

    /// Whether a predecessor may still run on a node that can say so.
    private static func isHeld(_ task: SwarmTask, in slot: Slot, context: PlanContext) -> Bool {
        slot.tasks.contains {
            $0.id != task.id && !$0.isWanted && $0.mayRun && !context.state.nodes[$0.nodeID].isDown
        }
    }

    private func start(of task: SwarmTask) -> Start {
        if let start = self.starts[task.id] { return start }
        let created = Timestamp(task.meta.createdAt)
        return Start(
            notBefore: created + RestartRule(task.spec).delay,
            patienceEnds: created + Self.stopPatience
        )
    }

    private mutating func record(_ replacement: SwarmTask, at moment: Timestamp) {
        let rule = RestartRule(replacement.spec)
        guard rule.maxAttempts > 0 else { return }
        let version = replacement.specVersion.index
        var history = self.histories[replacement.serviceID]?[replacement.slot]
        if history?.isOf(specVersion: version) != true { history = RestartHistory(specVersion: version) }
        history?.record(at: moment, rule: rule)
        self.histories[replacement.serviceID, default: [:]][replacement.slot] = history
    }
}

extension RestartSupervisor {
    /// Finds the history of a slot again: every task of its newest version but the first was a restart.
    mutating func rebuild(from slot: Slot) {
        guard let newest = slot.tasks.map(\.specVersion.index).max() else { return }
        for task in slot.tasks.filter({ $0.specVersion.index == newest }).dropFirst() {
            self.record(task, at: Timestamp(task.meta.createdAt))
        }
    }

    /// Forgets a task that is gone.
    mutating func forget(task id: String) { self.starts[id] = nil }

    /// Forgets a service that is gone: its history, and with its tasks their delays.
    mutating func forget(service id: String, tasks: [SwarmTask]) {
        self.histories[id] = nil
        for task in tasks { self.starts[task.id] = nil }
    }
}
