package import Primitives
package import StoreCore
import SwarmAPI

/// Keeps as many tasks of each replicated service as the service asks for.
///
/// A service is looked at when it changes, when a task of it ends or a node of one is lost, and when a delay
/// is over; a look costs as much as the service has tasks (SwarmKit `orchestrator/replicated`).
package struct ReplicatedOrchestrator: Reconciler {
    private var supervisor = RestartSupervisor()
    private var updater = Updater()
    /// The services to look at.
    private var dirty: Set<String> = []
    /// The nodes whose tasks' services are to be looked at.
    private var lostNodes: Set<String> = []
    /// When to look at a service again.
    private var deadlines: [String: Timestamp] = [:]
    /// What is asked for and not yet seen: by service and task, the state that is to be desired.
    ///
    /// A service is not looked at again before all of it was seen: a decision on a state that lacks our last
    /// one would be made twice.
    private var unconfirmed: [String: [String: SwarmTaskState]] = [:]

    package init() {}

    /// The earliest end of a delay; a service that waits for a commit of ours is looked at with that commit.
    package var deadline: Timestamp? {
        self.deadlines.filter { self.unconfirmed[$0.key] == nil }.values.min()
    }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        self.dirty = Set(state.services.unordered.lazy.map(\.id))
        self.dirty.formUnion(state.tasks.unordered.lazy.map(\.serviceID).filter { !$0.isEmpty })
        for service in state.services.all where service.spec.task.restart.maxAttempts > 0 {
            for slot in Slot.group(state.tasks.find(.service(service.id))).values {
                self.supervisor.rebuild(from: slot)
            }
        }
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for change in commit.changes {
            switch change {
            case .create(.service(let service)), .update(.service(let service), _),
                .remove(.service(let service)):
                self.dirty.insert(service.id)
            case .create(.task(let task)): _ = self.confirm(task)
            case .update(.task(let task), .task(let old)):
                if self.matters(task, old: old, in: commit.state) { self.dirty.insert(task.serviceID) }
            case .remove(.task(let task)):
                self.supervisor.forget(task: task.id)
                _ = self.confirm(task)
                self.dirty.insert(task.serviceID)
            case .update(.node(let node), _), .remove(.node(let node)):
                if commit.state.nodes[node.id].mustBeLeft { self.lostNodes.insert(node.id) }
            default: break
            }
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        for (id, deadline) in self.deadlines where deadline <= now { self.dirty.insert(id) }
        for node in self.lostNodes { self.dirty.formUnion(state.tasks.find(.node(node)).map(\.serviceID)) }
        self.lostNodes = []
        let due = self.dirty.filter { !$0.isEmpty && self.unconfirmed[$0] == nil }.sorted()
        self.dirty = self.dirty.filter { self.unconfirmed[$0] != nil }
        let factory = TaskFactory(cluster: state.clusters.all.first, now: now)
        var draft = Draft()
        for id in due {
            self.deadlines[id] = nil
            guard let service = state.services[id] else {
                self.clear(id, on: state, draft: &draft)
                continue
            }
            guard case .replicated(let mode)? = service.spec.mode else { continue }
            var context = PlanContext(
                state: state,
                now: now,
                service: service,
                factory: factory,
                generator: generator
            )
            self.deadlines[id] = self.reconcile(replicas: mode.replicas, context: &context, draft: &draft)
            generator = context.generator
        }
        for task in draft.tasks {
            self.unconfirmed[task.serviceID, default: [:]][task.id] = task.desiredState
        }
        return draft.edits
    }

    /// Whether a change of a task can ask for something of us.
    ///
    /// A task on its way up does not, which keeps the cost of starting a service linear. An edit of ours that
    /// the change has overtaken has to be made again.
    private mutating func matters(_ task: SwarmTask, old: SwarmTask, in state: StoreState) -> Bool {
        guard self.confirm(task) else { return true }
        if task.hasEnded, !old.hasEnded { return true }
        if task.desiredState != old.desiredState { return true }
        if task.nodeID != old.nodeID, state.nodes[task.nodeID].mustBeLeft { return true }
        return self.updater.isUpdating(task.serviceID) && task.status.state != old.status.state
    }

    /// Takes note that a change of the task was seen; returns whether it is none that overtook ours.
    private mutating func confirm(_ task: SwarmTask) -> Bool {
        guard let wanted = self.unconfirmed[task.serviceID]?.removeValue(forKey: task.id) else { return true }
        if self.unconfirmed[task.serviceID]?.isEmpty == true { self.unconfirmed[task.serviceID] = nil }
        return task.desiredState == wanted
    }

    /// Has every task of a removed service removed.
    private mutating func clear(_ serviceID: String, on state: StoreState, draft: inout Draft) {
        let tasks = state.tasks.find(.service(serviceID))
        self.updater.forget(service: serviceID)
        self.supervisor.forget(service: serviceID, tasks: tasks)
        for var task in tasks { draft.desire(.remove, of: &task) }
    }
}

extension ReplicatedOrchestrator {
    /// The most tasks of a service that one look creates; the rest comes when these are committed, so that a
    /// change of mind is heard in between.
    static let mostCreated: UInt64 = 5_000

    /// Brings one service closer to what it asks for; returns when to look again.
    private mutating func reconcile(
        replicas: UInt64,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        var (slots, dead) = self.sort(Slot.group(context.state.tasks.find(.service(context.service.id))))
        Self.shrink(&slots, to: replicas, draft: &draft)
        var moments = self.replaceLost(&slots, context: &context, draft: &draft)
        let updated = self.updater.advance(
            &slots,
            supervisor: &self.supervisor,
            context: &context,
            draft: &draft
        )
        Self.grow(slots, dead: &dead, to: replicas, context: &context, draft: &draft)
        if replicas > UInt64(slots.count) + Self.mostCreated { self.dirty.insert(context.service.id) }
        for number in slots.keys.sorted() {
            guard var slot = slots[number] else { continue }
            let next = self.supervisor.release(in: &slot, context: context, draft: &draft)
            if let next { moments.append(next) }
        }
        for slot in dead.values.sorted(by: { $0.number < $1.number }) {
            for var task in slot.tasks { draft.desire(.remove, of: &task) }
        }
        return (moments + [updated].compactMap(\.self)).min()
    }

    /// Tells the slots that hold a place from the dead ones.
    ///
    /// A slot holds its place while a task is wanted in it, and also when its last task has ended and must not
    /// be restarted (SwarmKit `restart.go`, `UpdatableTasksInSlot`).
    private func sort(_ all: [UInt64: Slot]) -> (holding: [UInt64: Slot], dead: [UInt64: Slot]) {
        var (holding, dead): ([UInt64: Slot], [UInt64: Slot]) = ([:], [:])
        for (number, slot) in all {
            let last = slot.tasks.last { $0.desiredState != .remove }
            let isSpent = last.map { !$0.isWanted && !self.supervisor.permitsRestart(of: $0) } ?? false
            if isSpent || !slot.wanted.isEmpty {
                holding[number] = slot
            } else {
                dead[number] = slot
            }
        }
        return (holding, dead)
    }

    /// Gives up the slots that are too many.
    private static func shrink(_ slots: inout [UInt64: Slot], to replicas: UInt64, draft: inout Draft) {
        guard UInt64(slots.count) > replicas else { return }
        for slot in Slot.inOrderOfKeeping(Array(slots.values)).dropFirst(Int(clamping: replicas)) {
            slots[slot.number] = nil
            for var task in slot.tasks { draft.desire(.remove, of: &task) }
        }
    }

    /// Hands the tasks that ended, or whose node is lost, to the restart supervisor.
    private mutating func replaceLost(
        _ slots: inout [UInt64: Slot],
        context: inout PlanContext,
        draft: inout Draft
    ) -> [Timestamp] {
        var moments: [Timestamp] = []
        for number in slots.keys.sorted() {
            guard var slot = slots[number] else { continue }
            for position in slot.tasks.indices {
                let task = slot.tasks[position]
                let isLost = !task.nodeID.isEmpty && context.state.nodes[task.nodeID].mustBeLeft
                guard task.isWanted, task.hasEnded || isLost else { continue }
                let later = self.supervisor.replace(at: position, in: &slot, context: &context, draft: &draft)
                if let later { moments.append(later) }
            }
            slots[number] = slot
        }
        return moments
    }

    /// Makes tasks for the slots that are missing, in the lowest numbers that are free.
    ///
    /// A dead slot that is used again keeps its tasks: they are its history.
    private static func grow(
        _ slots: [UInt64: Slot],
        dead: inout [UInt64: Slot],
        to replicas: UInt64,
        context: inout PlanContext,
        draft: inout Draft
    ) {
        var missing = min(replicas - min(replicas, UInt64(slots.count)), Self.mostCreated)
        var number: UInt64 = 0
        while missing > 0 {
            number += 1
            guard slots[number] == nil else { continue }
            dead[number] = nil
            draft.create(context.makeTask(slot: number))
            missing -= 1
        }
    }
}
