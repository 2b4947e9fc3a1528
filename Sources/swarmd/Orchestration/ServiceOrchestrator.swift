package import Primitives
package import StoreCore
import SwarmAPI

/// Has the tasks made that each service asks for, whatever its mode.
///
/// A service is looked at when it changes, when a task of it ends or a node of one is lost, and when a delay
/// is over; a service with a task on each node also when a node comes or changes. A look costs as much as the
/// service has tasks, or there are nodes (SwarmKit `orchestrator/replicated`, `global` and `jobs`).
package struct ServiceOrchestrator: Reconciler {
    /// The most tasks of a service that one look creates; the rest comes when these are committed, so that a
    /// change of mind is heard in between.
    static let mostCreated: UInt64 = 5_000

    var supervisor = RestartSupervisor()
    var updater = Updater()
    var drains = DrainPacing()
    /// The services to look at.
    var dirty: Set<String> = []
    /// The services whose tasks are by node.
    private var perNode: Set<String> = []
    /// The services that wait for others, by the names of these.
    private var waiting = WaitingServices()
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
        for service in state.services.all {
            self.note(service)
            let tasks = state.tasks.find(.service(service.id))
            for slot in Slot.group(tasks, perNode: service.isPerNode).values {
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
                self.dirty.formUnion(self.waiting.for(service.spec.annotations.name))
                self.note(service)
            case .create(.task(let task)): _ = self.confirm(task)
            case .update(.task(let task), .task(let old)):
                if task.status.state != old.status.state {
                    self.dirty.formUnion(self.waiting.for(task.serviceAnnotations.name))
                }
                if self.matters(task, old: old, in: commit.state) { self.dirty.insert(task.serviceID) }
            case .remove(.task(let task)):
                self.supervisor.forget(task: task.id)
                _ = self.confirm(task)
                self.dirty.insert(task.serviceID)
            case .create(.node): self.dirty.formUnion(self.perNode)
            case .update(.node(let node), .node(let old)):
                if node.isOther(than: old) { self.dirty.formUnion(self.perNode) }
                if commit.state.nodes[node.id].mustBeLeft { self.lostNodes.insert(node.id) }
            case .remove(.node(let node)):
                self.dirty.formUnion(self.perNode)
                self.lostNodes.insert(node.id)
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
            var context = PlanContext(
                state: state,
                now: now,
                service: service,
                factory: factory,
                generator: generator
            )
            self.deadlines[id] = self.reconcile(&context, draft: &draft)
            self.waiting.set(id, isHeld: context.hold != nil, for: service.spec)
            generator = context.generator
        }
        for task in draft.dropStillborn() {
            self.supervisor.forget(task: task.id)
            // Once the rest of the plan is seen, there may be a place to fill.
            self.dirty.insert(task.serviceID)
        }
        for task in draft.tasks {
            self.unconfirmed[task.serviceID, default: [:]][task.id] = task.desiredState
        }
        return draft.edits
    }

    /// Brings one service closer to what it asks for; returns when to look again.
    private mutating func reconcile(_ context: inout PlanContext, draft: inout Draft) -> Timestamp? {
        switch context.service.spec.mode {
        case .replicated(let mode)?:
            self.reconcile(replicas: mode.replicas, context: &context, draft: &draft)
        case .global?: self.reconcileGlobal(&context, draft: &draft)
        case .replicatedJob(let job)?: self.reconcile(job, context: &context, draft: &draft)
        case .globalJob?: self.reconcileGlobalJob(&context, draft: &draft)
        case nil: nil
        }
    }

    /// Keeps the list of services whose tasks are by node.
    private mutating func note(_ service: SwarmService) {
        if service.isPerNode { self.perNode.insert(service.id) }
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
        let isFollowed =
            self.updater.isUpdating(task.serviceID) || self.waiting.contains(task.serviceID)
            || self.drains.isFollowing(task.serviceID)
        return isFollowed && task.status.state != old.status.state
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
        self.perNode.remove(serviceID)
        self.waiting.forget(serviceID)
        self.updater.forget(service: serviceID)
        self.supervisor.forget(service: serviceID, tasks: tasks)
        for var task in tasks { draft.desire(.remove, of: &task) }
    }
}
