package import Primitives
package import StoreCore
import SwarmAPI

/// Deletes tasks that nobody needs any longer.
///
/// These are tasks that are desired REMOVE and have ended or were never given to a node, orphans without a
/// service, and the oldest ended tasks of a slot beyond the cluster's retention limit. A task that may run is
/// never deleted (SwarmKit `orchestrator/taskreaper`).
package struct TaskReaper: Reconciler {
    /// How long slots are collected before they are looked at.
    package static let batchDelay = Duration.milliseconds(250)
    /// How many slots are collected at most.
    package static let batchLimit = 1_000
    /// How many tasks of a slot are kept where the cluster does not say.
    package static let defaultRetention: Int64 = 5

    /// A slot of a service, or its place on one node where it has no slots.
    private struct Place: Hashable, Comparable {
        let service: String
        let slot: UInt64
        let node: String

        init(_ task: SwarmTask) {
            self.service = task.serviceID
            self.slot = task.slot
            self.node = task.slot == 0 ? task.nodeID : ""
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.service, left.slot, left.node) < (right.service, right.slot, right.node)
        }
    }

    private var dirty: Set<Place> = []
    /// Tasks that can go whatever their slot's history.
    private var spent: Set<String> = []

    package private(set) var deadline: Timestamp?

    package init() {}

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        for task in state.tasks.unordered { self.note(task, now: now) }
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for change in commit.changes {
            switch change {
            case .create(.task(let task)): self.note(task, now: now)
            case .update(.task(let task), .task(let old)):
                let hasMoved = task.status.state != old.status.state || task.desiredState != old.desiredState
                if hasMoved, task.isOver || task.isSpent { self.note(task, now: now) }
            case .update(.cluster(let cluster), .cluster(let old))
            where cluster.spec.orchestration != old.spec.orchestration:
                for task in commit.state.tasks.unordered { self.note(task, now: now) }
            default: break
            }
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        guard let deadline = self.deadline, deadline <= now || self.isFull else { return [] }
        defer { (self.dirty, self.spent, self.deadline) = ([], [], nil) }
        var doomed = Set(self.spent.filter { state.tasks[$0]?.isSpent == true })
        for place in self.dirty.sorted() {
            doomed.formUnion(Self.beyondRetention(of: place, on: state, except: doomed))
        }
        return doomed.sorted().map { .remove(.task, id: $0) }
    }

    private var isFull: Bool { self.dirty.count + self.spent.count >= Self.batchLimit }

    private mutating func note(_ task: SwarmTask, now: Timestamp) {
        if task.isSpent {
            self.spent.insert(task.id)
        } else if !task.serviceID.isEmpty {
            self.dirty.insert(Place(task))
        } else {
            return
        }
        if self.deadline == nil { self.deadline = now + Self.batchDelay }
    }

    /// The oldest tasks of `place` that are over and too many.
    private static func beyondRetention(
        of place: Place,
        on state: StoreState,
        except doomed: Set<String>
    ) -> [String] {
        guard let service = state.services[place.service],
            let limit = Self.retention(for: service, on: state)
        else { return [] }
        let tasks = Self.tasks(of: place, on: state).filter { !doomed.contains($0.id) }
        let excess = max(0, tasks.count - limit)
        return tasks.sorted(by: SwarmTask.isOlder).filter(\.isOver).prefix(excess).map(\.id)
    }

    private static func tasks(of place: Place, on state: StoreState) -> [SwarmTask] {
        if place.slot != 0 { return state.tasks.find(.slot(service: place.service, number: place.slot)) }
        guard !place.node.isEmpty else { return [] }
        return state.tasks.find(.node(place.node)).filter { Place($0) == place }
    }

    /// How many tasks of one place are kept; nil for all.
    ///
    /// Where restarts are limited it is that limit and one more, because a new leader counts the restarts by
    /// the tasks that are left.
    private static func retention(for service: SwarmService, on state: StoreState) -> Int? {
        let attempts = service.spec.task.restart.maxAttempts
        guard attempts == 0 else { return Int(clamping: min(attempts, .max - 1) + 1) }
        let cluster = state.clusters.all.first
        let limit = cluster.map(\.spec.orchestration.taskHistoryRetentionLimit) ?? Self.defaultRetention
        return limit < 0 ? nil : Int(clamping: limit)
    }
}

extension SwarmTask {
    /// Whether the task has ended, or never began and is not wanted.
    fileprivate var isOver: Bool { self.hasEnded || !self.isWanted && self.isUnassigned }

    /// Whether nothing needs the task's record, not even its slot's history.
    fileprivate var isSpent: Bool {
        if self.serviceID.isEmpty { return self.status.state == .orphaned }
        return self.desiredState == .remove && self.isOver
    }

    private var isUnassigned: Bool { self.status.state.rawValue < SwarmTaskState.assigned.rawValue }
}
