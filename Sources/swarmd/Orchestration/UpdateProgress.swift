import Primitives
import StoreCore
import SwarmAPI

/// How far one service's update has come.
struct UpdateProgress: Sendable {
    /// A task that an update made.
    struct NewTask: Sendable {
        let id: String
        /// When it began while it does not run; and then until when it is watched.
        let moment: Timestamp
    }

    /// What stopped an update.
    struct Failure: Sendable, Equatable {
        let task: String
        let isLate: Bool
    }

    private let spec: SwarmServiceSpec
    private let specVersion: UInt64
    private let isRollback: Bool
    /// The slots whose new task does not run yet.
    private(set) var replacing: [Place: NewTask] = [:]
    /// The slots whose new task runs and is watched.
    private var watched: [Place: NewTask] = [:]
    /// When each place that a finished slot has left may be taken.
    private(set) var resting: [Timestamp] = []
    /// The slots whose new task failed.
    private var failed: Set<Place> = []
    /// The newest failure.
    private var newest: Failure?
    /// How many slots the update has to do with.
    private var total: Int

    /// The start of an update, or what a leader before us has left of it; nil where there is none.
    init?(_ slots: [Place: Slot], outdated: [Place], rule: UpdateRule, context: PlanContext) {
        let service = context.service
        let isUnderWay = [.updating, .rollbackStarted].contains(service.updateStatus.state)
        guard isUnderWay || !outdated.isEmpty else { return nil }
        self.spec = service.spec
        self.specVersion = service.specVersion.index
        self.isRollback = rule.isRollback
        self.total = outdated.count
        guard isUnderWay else { return }
        let start = Timestamp(service.updateStatus.startedAt)
        for (place, slot) in slots.sorted(by: { $0.key < $1.key }) {
            for task in slot.tasks
            where Timestamp(task.meta.createdAt) >= start && !task.isOutdated(for: service, on: context.state)
            {
                self.takeOver(task, at: place, rule: rule)
            }
        }
        self.total += Set(self.replacing.keys).union(self.watched.keys).union(self.failed).count
    }

    /// Whether this is the update to the service's present spec, or to one that was given again unchanged.
    func isOf(_ service: SwarmService, _ rule: UpdateRule) -> Bool {
        let isSame = self.specVersion == service.specVersion.index || self.spec == service.spec
        return isSame && self.isRollback == rule.isRollback
    }

    /// Whether nothing of the update is open.
    var isOver: Bool { self.replacing.isEmpty && self.watched.isEmpty }

    mutating func began(_ task: SwarmTask, at place: Place, now: Timestamp) {
        self.watched[place] = nil
        self.replacing[place] = NewTask(id: task.id, moment: now)
    }

    /// The failure because of which the update must not go on; nil while it may.
    func fault(under rule: UpdateRule) -> Failure? {
        let ratio = Float(self.failed.count) / Float(max(1, self.total))
        guard rule.action != .continue, ratio > rule.greatestFailureRatio else { return nil }
        return self.newest
    }

    /// When something of the update is due even if nothing is committed.
    func deadline(_ rule: UpdateRule, isWaitingForRoom: Bool) -> Timestamp? {
        var moments = self.watched.values.map(\.moment)
        if let deadline = rule.deadline { moments += self.replacing.values.map { $0.moment + deadline } }
        if isWaitingForRoom { moments += self.resting }
        return moments.min()
    }

    private mutating func takeOver(_ task: SwarmTask, at place: Place, rule: UpdateRule) {
        switch task.status.state {
        case .failed, .rejected:
            self.failed.insert(place)
            self.newest = Failure(task: task.id, isLate: false)
        case .running: self.watch(task, at: place, from: task.statusMoment, rule: rule)
        case _ where task.isWanted && !task.hasEnded:
            self.replacing[place] = NewTask(id: task.id, moment: Timestamp(task.meta.createdAt))
        default: break
        }
    }

    private mutating func watch(_ task: SwarmTask, at place: Place, from: Timestamp, rule: UpdateRule) {
        guard rule.monitor > .zero else { return }
        self.watched[place] = NewTask(id: task.id, moment: from + rule.monitor)
    }
}

extension UpdateProgress {
    /// Takes note of the slots that are done, that failed, or that have to be done anew.
    mutating func settle(_ slots: [Place: Slot], outdated: Set<Place>, rule: UpdateRule, now: Timestamp) {
        self.resting.removeAll { $0 <= now }
        for (place, new) in self.watched.sorted(by: { $0.key < $1.key }) {
            if let task = slots[place]?.tasks.first(where: { $0.id == new.id }), task.hasFailed {
                self.fail(task.id, at: place)
            } else if new.moment <= now || slots[place] == nil {
                self.watched[place] = nil
            }
        }
        for (place, new) in self.replacing.sorted(by: { $0.key < $1.key }) {
            guard let task = slots[place]?.tasks.first(where: { $0.id == new.id }) else {
                self.replacing[place] = nil
                continue
            }
            if task.hasFailed {
                self.fail(task.id, at: place)
            } else if task.status.state == .running || task.hasEnded {
                self.replacing[place] = nil
                if !task.hasEnded { self.watch(task, at: place, from: now, rule: rule) }
            } else if let deadline = rule.deadline, new.moment + deadline <= now {
                self.fail(task.id, at: place, isLate: true)
            } else {
                if outdated.contains(place) { self.replacing[place] = nil }
                continue
            }
            if rule.delay > .zero { self.resting.append(now + rule.delay) }
        }
    }

    private mutating func fail(_ id: String, at place: Place, isLate: Bool = false) {
        self.watched[place] = nil
        self.replacing[place] = nil
        self.failed.insert(place)
        self.newest = Failure(task: id, isLate: isLate)
    }
}

extension SwarmTask {
    /// Whether the task ended otherwise than it was meant to: a task that its policy lets end may complete.
    fileprivate var hasFailed: Bool {
        switch self.status.state {
        case .failed, .rejected, .orphaned: true
        case .complete: RestartRule(self.spec).permitsRestart(of: self)
        default: false
        }
    }
}
