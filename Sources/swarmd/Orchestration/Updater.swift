import Primitives
import StoreCore
import SwarmAPI

/// Brings the tasks of services to their service's present spec, a few at a time.
///
/// The old task of a slot is stopped first; the new one is prepared meanwhile and starts when the old one has
/// stopped. A slot is done when its new task is seen to run; then, after the service's delay, the next slot's
/// turn comes. An update whose new tasks do not run therefore leaves the remaining slots as they are
/// (SwarmKit `orchestrator/update/updater.go`).
struct Updater: Sendable {
    /// How far one service's update has come.
    private struct Progress: Sendable {
        /// The slots whose new task does not run yet.
        var replacing: Set<UInt64> = []
        /// When each place that a finished slot has left may be taken.
        var resting: [Timestamp] = []
    }

    private var progress: [String: Progress] = [:]

    /// Whether tasks of the service are being replaced.
    func isUpdating(_ serviceID: String) -> Bool { self.progress[serviceID] != nil }

    mutating func forget(service id: String) { self.progress[id] = nil }

    /// Replaces as many outdated tasks as may be replaced now; returns when to look again.
    mutating func advance(
        _ slots: inout [UInt64: Slot],
        supervisor: inout RestartSupervisor,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        let service = context.service
        guard !service.isUpdatePaused else { return nil }
        let outdated = Self.outdated(slots, service: service)
        guard var progress = self.progress[service.id] ?? Self.begin(slots, outdated, service) else {
            return nil
        }
        Self.settle(&progress, slots: slots, outdated: Set(outdated), context: context)
        let limit = service.spec.hasUpdate ? service.spec.update.parallelism : 1
        let room =
            limit == 0
            ? outdated.count : Int(clamping: limit) - progress.replacing.count - progress.resting.count
        for number in outdated.prefix(max(0, room)) {
            guard var slot = slots[number] else { continue }
            if Self.replace(&slot, supervisor: &supervisor, context: &context, draft: &draft) {
                progress.replacing.insert(number)
            }
            slots[number] = slot
        }
        let remaining = outdated.count - max(0, min(room, outdated.count))
        let isOver = remaining == 0 && progress.replacing.isEmpty
        self.progress[service.id] = isOver ? nil : progress
        Self.report(isOver: isOver, context: context, draft: &draft)
        return remaining == 0 ? nil : progress.resting.min()
    }

    /// The slots to replace: first those that do not run, for nothing is lost there; then by number.
    private static func outdated(_ slots: [UInt64: Slot], service: SwarmService) -> [UInt64] {
        slots.values.filter { $0.isOutdated(for: service) }
            .sorted { ($0.isRunning ? 1 : 0, $0.number) < ($1.isRunning ? 1 : 0, $1.number) }
            .map(\.number)
    }

    /// The start of an update, or what a leader before us has left of it; nil where there is none.
    private static func begin(
        _ slots: [UInt64: Slot],
        _ outdated: [UInt64],
        _ service: SwarmService
    ) -> Progress? {
        guard service.updateStatus.state == .updating else { return outdated.isEmpty ? nil : Progress() }
        let open = slots.values.filter { !$0.isOutdated(for: service) && !$0.isSettled }
        return Progress(replacing: Set(open.map(\.number)))
    }

    /// Takes note of the slots that are done, or that have to be done anew.
    private static func settle(
        _ progress: inout Progress,
        slots: [UInt64: Slot],
        outdated: Set<UInt64>,
        context: PlanContext
    ) {
        let delay = Duration(context.service.spec.update.delay)
        progress.resting.removeAll { $0 <= context.now }
        for number in progress.replacing.sorted() {
            guard let slot = slots[number], !outdated.contains(number) else {
                progress.replacing.remove(number)
                continue
            }
            guard slot.isSettled else { continue }
            progress.replacing.remove(number)
            if delay > .zero { progress.resting.append(context.now + delay) }
        }
    }

    /// Leaves one task of the present spec in the slot; returns whether it had to be made.
    private static func replace(
        _ slot: inout Slot,
        supervisor: inout RestartSupervisor,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Bool {
        let current = slot.tasks.lastIndex {
            $0.isWanted && !$0.hasEnded && !$0.isOutdated(for: context.service)
        }
        for position in slot.tasks.indices where position != current && slot.tasks[position].isWanted {
            draft.desire(.shutdown, of: &slot.tasks[position])
        }
        guard current == nil else { return false }
        let task = context.makeTask(slot: slot.number)
        supervisor.add(task, to: &slot, after: .zero, now: context.now, draft: &draft)
        return true
    }

    /// Writes into the service what becomes of its update, where that is new.
    private static func report(isOver: Bool, context: PlanContext, draft: inout Draft) {
        var service = context.service
        if isOver {
            if service.updateStatus.state != .updating {
                service.updateStatus.startedAt = context.now.protobuf
            }
            service.updateStatus.state = .completed
            service.updateStatus.message = "update completed"
            service.updateStatus.completedAt = context.now.protobuf
        } else {
            guard service.updateStatus.state != .updating else { return }
            service.updateStatus = SwarmUpdateStatus()
            service.updateStatus.state = .updating
            service.updateStatus.message = "update in progress"
            service.updateStatus.startedAt = context.now.protobuf
        }
        draft.update(service)
    }
}

extension Slot {
    /// Whether the slot's present task runs, or has ended and shall not be followed by another.
    fileprivate var isSettled: Bool {
        guard let task = self.wanted.last else { return true }
        return task.status.state == .running
    }

    /// Whether the slot does not hold exactly one task of the service's present spec.
    fileprivate func isOutdated(for service: SwarmService) -> Bool {
        let wanted = self.wanted
        guard wanted.count < 2, let task = wanted.last ?? self.tasks.last else { return true }
        return task.isOutdated(for: service)
    }
}

extension SwarmTask {
    /// Whether the task differs from what its service would make now.
    ///
    /// A new version of the service does not make a task outdated as long as the task's part of it is the
    /// same; credentials for pulling the image do not matter once it is there (SwarmKit
    /// `orchestrator/task.go`, `IsTaskDirty`).
    func isOutdated(for service: SwarmService) -> Bool {
        if self.hasSpecVersion, service.hasSpecVersion, self.specVersion == service.specVersion {
            return false
        }
        if self.hasEndpoint, self.endpoint.spec != service.spec.endpoint { return true }
        guard self.spec != service.spec.task else { return false }
        let prepared = SwarmTaskState.ready.rawValue...SwarmTaskState.running.rawValue
        guard prepared.contains(self.status.state.rawValue), case .container(let ours)? = self.spec.runtime,
            case .container(var theirs)? = service.spec.task.runtime
        else { return true }
        if ours.hasPullOptions { theirs.pullOptions = ours.pullOptions } else { theirs.clearPullOptions() }
        var expected = service.spec.task
        expected.runtime = .container(theirs)
        return self.spec != expected
    }
}

extension SwarmService {
    fileprivate var isUpdatePaused: Bool {
        [.paused, .rollbackPaused].contains(self.updateStatus.state)
    }
}
