import Primitives
import StoreCore
import SwarmAPI

/// Brings the tasks of services to their service's present spec, a few at a time.
///
/// Stop-first: the old task of a slot is stopped; the new one is prepared meanwhile and starts when the old one
/// has stopped. Start-first: the old one is stopped when the new one runs. A slot is done when its new task is
/// seen to run; then, after the service's delay, the next slot's turn comes. New tasks that end too early, or
/// do not run in time, count as failures, and too many of them pause the update or take it back (SwarmKit
/// `orchestrator/update/updater.go`).
struct Updater: Sendable {
    private var progress: [String: UpdateProgress] = [:]
    /// The services with a slot in which a task has not yet taken over from another, which may outlast an update.
    private var crowded: Set<String> = []

    /// Whether tasks of the service are being replaced.
    func isUpdating(_ serviceID: String) -> Bool {
        self.progress[serviceID] != nil || self.crowded.contains(serviceID)
    }

    mutating func forget(service id: String) {
        self.progress[id] = nil
        self.crowded.remove(id)
    }

    /// Replaces as many outdated tasks as may be replaced now; returns when to look again.
    mutating func advance(
        _ slots: inout [Place: Slot],
        supervisor: inout RestartSupervisor,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        let service = context.service
        let rule = UpdateRule(service)
        Self.retire(&slots, rule: rule, context: context, draft: &draft)
        self.crowded.remove(service.id)
        if slots.values.contains(where: { $0.wanted.count > 1 }) { self.crowded.insert(service.id) }
        // A task that could not start must not take the place of one that runs.
        guard !service.isUpdatePaused, context.hold == nil else {
            self.progress[service.id] = nil
            return nil
        }
        let outdated = Self.outdated(slots, supervisor: supervisor, context: context)
        let known = self.progress[service.id].flatMap { $0.isOf(service, rule) ? $0 : nil }
        guard
            var progress = known ?? UpdateProgress(slots, outdated: outdated, rule: rule, context: context)
        else {
            self.progress[service.id] = nil
            return nil
        }
        progress.settle(slots, outdated: Set(outdated), rule: rule, now: context.now)
        if let fault = progress.fault(under: rule) {
            self.progress[service.id] = nil
            draft.update(UpdateReport(service, now: context.now).stopped(by: fault, rule: rule))
            return nil
        }
        let busy = progress.replacing.count + progress.resting.count
        let room = max(0, min(outdated.count, (rule.parallelism ?? .max) - busy))
        for place in outdated.prefix(room) {
            guard var slot = slots[place] else { continue }
            let task = Self.replace(
                &slot,
                rule: rule,
                supervisor: &supervisor,
                context: &context,
                draft: &draft
            )
            progress.began(task, at: place, now: context.now)
            slots[place] = slot
        }
        let remaining = outdated.count - room
        let isOver = remaining == 0 && progress.isOver
        self.progress[service.id] = isOver ? nil : progress
        let report = UpdateReport(service, now: context.now)
        if let changed = isOver ? report.completed(rule) : report.begun { draft.update(changed) }
        return isOver ? nil : progress.deadline(rule, isWaitingForRoom: remaining > 0)
    }

    /// The slots to replace: first those that do not run, for nothing is lost there; then by number.
    ///
    /// A slot whose task of the present spec has ended for good is not tried again, although the one before may
    /// still run beside it.
    private static func outdated(
        _ slots: [Place: Slot],
        supervisor: RestartSupervisor,
        context: PlanContext
    ) -> [Place] {
        let (service, state) = (context.service, context.state)
        return slots.values.filter { slot in
            guard slot.isOutdated(for: service, on: state) else { return false }
            guard let last = slot.tasks.last, !last.isOutdated(for: service, on: state) else { return true }
            let isSpent = last.hasEnded && !last.isWanted && last.desiredState != .remove
            return !isSpent || supervisor.permitsRestart(of: last, at: slot.place)
        }
        .sorted { ($0.isRunning ? 1 : 0, $0.place) < ($1.isRunning ? 1 : 0, $1.place) }
        .map(\.place)
    }

    /// Makes the task of the present spec that takes over the slot.
    private static func replace(
        _ slot: inout Slot,
        rule: UpdateRule,
        supervisor: inout RestartSupervisor,
        context: inout PlanContext,
        draft: inout Draft
    ) -> SwarmTask {
        if !rule.isStartFirst {
            for position in slot.tasks.indices where slot.tasks[position].isWanted {
                draft.desire(.shutdown, of: &slot.tasks[position])
            }
        }
        let task = context.makeTask(at: slot.place)
        supervisor.add(task, to: &slot, after: .zero, now: context.now, draft: &draft)
        return task
    }

    /// Stops the tasks that another of the present spec has taken over from, or that are too many.
    ///
    /// Where none is of the present spec, one of them is enough until the slot's turn comes.
    private static func retire(
        _ slots: inout [Place: Slot],
        rule: UpdateRule,
        context: PlanContext,
        draft: inout Draft
    ) {
        for place in slots.keys.sorted() {
            guard var slot = slots[place], slot.wanted.count > 1 else { continue }
            let able = slot.tasks.indices.filter { slot.tasks[$0].mayHold(in: context) }
            let fresh = able.filter { slot.tasks[$0].isHeir(in: context) }
            let candidates = fresh.isEmpty ? able : fresh
            let running = candidates.last { slot.tasks[$0].status.state == .running }
            guard let heir = running ?? candidates.last else { continue }
            for position in slot.tasks.indices where position != heir && slot.tasks[position].isWanted {
                // One that does not run itself is not worth waiting for.
                let isKept = rule.isStartFirst && slot.tasks[position].status.state == .running
                let isOutdated = slot.tasks[position].isOutdated(for: context.service, on: context.state)
                guard running != nil || candidates.contains(position) || isOutdated && !isKept else {
                    continue
                }
                draft.desire(.shutdown, of: &slot.tasks[position])
            }
            slots[place] = slot
        }
    }
}

extension Slot {
    /// Whether no task of the service's present spec holds the slot or is on its way there.
    fileprivate func isOutdated(for service: SwarmService, on state: StoreState) -> Bool {
        guard let task = self.wanted.last ?? self.tasks.last else { return true }
        let isTakenOver = self.tasks.contains {
            $0.isWanted && !$0.hasEnded && !$0.isOutdated(for: service, on: state)
        }
        return !isTakenOver && task.isOutdated(for: service, on: state)
    }
}

extension SwarmService {
    fileprivate var isUpdatePaused: Bool {
        [.paused, .rollbackPaused].contains(self.updateStatus.state)
    }
}
