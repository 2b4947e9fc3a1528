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
            case .update(.service(let service), .service(let old))
            where service.spec.task.restart.maxAttempts != old.spec.task.restart.maxAttempts:
                for task in commit.state.tasks.find(.service(service.id)) { self.note(task, now: now) }
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

    /// The oldest tasks of `place` that are over and too many; never one that is wanted, as a job's is that has
    /// completed, and where none is, not the newest.
    ///
    /// By that one the orchestrator knows that the place is done with, for its task must not be restarted. Where restarts are limited, all tasks of the newest spec are kept, since a new leader
    /// counts the restarts by them.
    private static func beyondRetention(
        of place: Place,
        on state: StoreState,
        except doomed: Set<String>
    ) -> [String] {
        // One that goes in any case is no history, and must not take the place of another.
        let tasks = Self.tasks(of: place, on: state)
            .filter { !doomed.contains($0.id) && $0.desiredState != .remove }.sorted(by: SwarmTask.isOlder)
        guard let service = state.services[place.service], let newest = tasks.last else { return [] }
        let attempts = max(service.spec.task.restart.maxAttempts, newest.spec.restart.maxAttempts)
        guard let limit = Self.retention(attempts: attempts, on: state) else { return [] }
        let era = attempts > 0 ? RestartEra(newest) : nil
        let isHistoryFull = tasks.count { RestartEra($0) == era } > limit
        let past = tasks.contains(where: \.isWanted) ? tasks[...] : tasks.dropLast()
        let candidates = past.filter {
            $0.isOver && !$0.isWanted && (isHistoryFull || RestartEra($0) != era)
        }
        return candidates.prefix(max(0, tasks.count - limit)).map(\.id)
    }

    private static func tasks(of place: Place, on state: StoreState) -> [SwarmTask] {
        if place.slot != 0 { return state.tasks.find(.slot(service: place.service, number: place.slot)) }
        guard !place.node.isEmpty else { return [] }
        return state.tasks.find(.node(place.node)).filter { Place($0) == place }
    }

    /// How many tasks of one place are kept where so many restarts are permitted, 0 being no limit; nil for all.
    private static func retention(attempts: UInt64, on state: StoreState) -> Int? {
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
