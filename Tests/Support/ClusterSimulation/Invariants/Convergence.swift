import Primitives
import Scheduling
import StoreCore
import SwarmAPI

/// Whether a cluster is as it was asked for, judged by rules of its own.
struct Convergence {
    let state: StoreState

    /// What is not as it was asked for; nil if everything is.
    var unmet: String? {
        for service in self.state.services.all {
            if let reason = self.unmet(service) { return "\(service.id): \(reason)" }
        }
        for task in self.state.tasks.all {
            if self.state.services[task.serviceID] == nil { return "\(task.id) belongs to nobody" }
            if task.desiredState.isWanted, task.isOnItsWay { return "\(task.id) is \(task.status.state)" }
            if task.desiredState == .remove { return "\(task.id) is to be removed" }
            if !task.desiredState.isWanted, task.status.state.holdsNode,
                self.state.nodes[task.nodeID]?.status.state == .ready
            {
                return "\(task.id) is to stop and does not"
            }
        }
        return nil
    }

    private func unmet(_ service: SwarmService) -> String? {
        if [.updating, .rollbackStarted].contains(service.updateStatus.state) {
            return "\(service.updateStatus.state)"
        }
        let tasks = self.state.tasks.find(.service(service.id))
        return switch service.spec.mode {
        case .replicated(let mode)?: self.unmet(service, tasks, replicas: Int(mode.replicas))
        case .global?: self.unmetGlobal(service, tasks)
        case .replicatedJob(let job)?: self.unmet(service, tasks, completions: Int(job.totalCompletions))
        case .globalJob?: self.unmetGlobal(service, tasks)
        case nil: nil
        }
    }

    private func unmet(_ service: SwarmService, _ tasks: [SwarmTask], replicas: Int) -> String? {
        let slots = Dictionary(grouping: tasks, by: \.slot)
        guard slots.count == replicas else { return "\(slots.count) slots of \(replicas)" }
        for (slot, tasks) in slots.sorted(by: { $0.key < $1.key }) {
            if let reason = self.unmetPlace(service, tasks) { return "slot \(slot): \(reason)" }
        }
        return nil
    }

    private func unmet(_ service: SwarmService, _ tasks: [SwarmTask], completions: Int) -> String? {
        let present = tasks.filter { $0.jobIteration == service.jobStatus.jobIteration }
        let slots = Dictionary(grouping: present, by: \.slot)
        var waits = false
        for (slot, tasks) in slots.sorted(by: { $0.key < $1.key }) {
            if let reason = self.unmetPlace(service, tasks) { return "slot \(slot): \(reason)" }
            waits = waits || tasks.contains { $0.status.state == .pending && $0.desiredState.isWanted }
        }
        // Some at a time: those that wait for room hold up the others.
        return slots.count == completions || waits ? nil : "\(slots.count) slots of \(completions)"
    }

    /// A service or a job with a task on each node.
    private func unmetGlobal(_ service: SwarmService, _ tasks: [SwarmTask]) -> String? {
        let places = Dictionary(grouping: tasks, by: \.nodeID)
        for node in self.state.nodes.all {
            let tasks = (places[node.id] ?? []).filter {
                !service.spec.isJob || $0.jobIteration == service.jobStatus.jobIteration
            }
            let isMeant = Self.admits(service.spec.task, node)
            if isMeant, node.spec.availability == .active {
                guard !tasks.isEmpty else { return "nothing on \(node.id)" }
                if let reason = self.unmetPlace(service, tasks) { return "\(node.id): \(reason)" }
            } else if !isMeant, tasks.contains(where: \.isActive) {
                return "\(node.id): is not meant"
            }
        }
        return nil
    }

    /// One place of a service: a task runs there, waits for room, or the last one was to be the last.
    private func unmetPlace(_ service: SwarmService, _ tasks: [SwarmTask]) -> String? {
        let isPaused = [.paused, .rollbackPaused].contains(service.updateStatus.state)
        let wanted = tasks.filter {
            $0.desiredState.isWanted && !($0.hasJobIteration && $0.status.state == .complete)
        }
        if tasks.contains(where: { $0.hasJobIteration && $0.status.state == .complete }), wanted.isEmpty {
            return nil
        }
        if wanted.isEmpty { return tasks.contains(where: \.mayBeLast) ? nil : "nothing runs" }
        let active = wanted.filter { $0.status.state != .pending }
        // Where a new task that is to start first has no room beside the old one, both stay.
        let isPatient = active.count == 1 && service.startsFirst(on: self.state)
        guard wanted.count == 1 || isPaused || isPatient else { return "\(wanted.count) tasks" }
        // Where the new task has failed for good, one of the spec before goes on.
        let isGivenUp = tasks.contains {
            !$0.desiredState.isWanted && $0.mayBeLast && $0.spec == service.spec.task
        }
        for task in wanted {
            if wanted.count > 1, task.status.state == .running { continue }
            if let reason = self.unmet(task, of: service, isPaused: isPaused || isGivenUp) {
                return "\(task.id) \(reason)"
            }
        }
        return nil
    }

    private func unmet(_ task: SwarmTask, of service: SwarmService, isPaused: Bool) -> String? {
        if !isPaused, self.isOutdated(task, service) { return "is outdated" }
        switch task.status.state {
        case .running:
            guard let node = self.state.nodes[task.nodeID] else { return "runs nowhere" }
            if node.status.state == .down { return "runs on a lost node" }
            if node.spec.availability == .drain { return "runs on a drained node" }
            let spec = service.spec.task
            let isExcused = isPaused || node.spec.availability == .pause
            return isExcused || Self.meets(spec.placement.constraints, node) ? nil : "runs where it must not"
        case .pending:
            let node = self.state.nodes.all.first { self.hasRoom(for: task, on: $0) }
            return node.map { "waits although \($0.id) has room" }
        default: return "is \(task.desiredState)/\(task.status.state)"
        }
    }

    /// Whether a task is not what its service would make now.
    private func isOutdated(_ task: SwarmTask, _ service: SwarmService) -> Bool {
        if task.endpoint.spec.ports != service.spec.endpoint.ports { return true }
        var (mine, theirs) = (task.spec, service.spec.task)
        if let node = self.state.nodes[task.nodeID], Self.meets(theirs.placement.constraints, node) {
            mine.placement.constraints = []
            theirs.placement.constraints = []
        }
        return mine != theirs
    }

    /// Whether the task could be placed on the node, by a count of our own.
    private func hasRoom(for task: SwarmTask, on node: SwarmNode) -> Bool {
        guard task.nodeID.isEmpty || task.nodeID == node.id, node.status.state == .ready,
            node.spec.availability == .active, Self.meets(task.spec.placement.constraints, node)
        else { return false }
        let present = self.state.tasks.find(.node(node.id)).filter(\.status.state.holdsNode)
        let copies = present.count { $0.serviceID == task.serviceID && $0.desiredState.isWanted }
        let limit = task.spec.placement.maxReplicas
        guard limit == 0 || copies < Int(limit) else { return false }
        // Generic resources are told apart by name only when they are given out: enough of them are compared.
        let cards = task.spec.resources.reservations.generic.reduce(0) { $0 + $1.discreteResourceSpec.value }
        let held = present.reduce(0) { $0 + $1.cards }
        let offered = node.description_p.resources.generic.reduce(0) { $0 + $1.amount }
        return (cards == 0 || cards + held <= offered)
            && NodeLoad(present + [task]).fits(node.description_p.resources, where: NodeLoad([task]))
    }

    private static func admits(_ spec: SwarmTaskSpec, _ node: SwarmNode) -> Bool {
        node.status.state != .down && node.spec.availability != .drain
            && Self.meets(spec.placement.constraints, node)
    }

    private static func meets(_ constraints: [String], _ node: SwarmNode) -> Bool {
        constraints.allSatisfy { text in
            let parts = text.split(separator: "==").map(String.init)
            let label = node.spec.annotations.labels[parts[0].replacing("node.labels.", with: "")] ?? ""
            return label == parts[1]
        }
    }
}

extension SwarmTask {
    /// Whether the task comes up, or is a job's that runs: it will be something else before long.
    fileprivate var isOnItsWay: Bool {
        self.status.state.holdsNode && (self.status.state != .running || self.hasJobIteration)
    }

    fileprivate var isActive: Bool { self.desiredState.isWanted && self.status.state.holdsNode }

    /// Whether the task's policy may forbid that another one follows.
    fileprivate var mayBeLast: Bool {
        guard self.spec.hasRestart else { return false }
        let isDone = self.status.state == .complete
        return self.spec.restart.condition == .none || self.spec.restart.maxAttempts > 0
            || self.spec.restart.condition == .onFailure && isDone
    }

    fileprivate var cards: Int64 { self.assignedGenericResources.reduce(0) { $0 + $1.amount } }
}

extension SwarmGenericResource {
    /// How much it is: one where it has a name.
    fileprivate var amount: Int64 {
        switch self.resource {
        case .discreteResourceSpec(let part)?: part.value
        case .namedResourceSpec?: 1
        case nil: 0
        }
    }
}
