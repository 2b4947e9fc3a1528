import Scheduling
import StoreCore
import SwarmAPI

/// How tasks are named and found.
enum TaskView {
    /// A task's name: its own, or service, slot (a global task's node) and identifier
    /// (SwarmKit `api/naming`).
    static func name(of task: SwarmTask) -> String {
        guard task.annotations.name.isEmpty else { return task.annotations.name }
        let place = task.slot == 0 ? task.nodeID : String(task.slot)
        return "\(task.serviceAnnotations.name).\(place).\(task.id)"
    }

    /// The tasks that meet the filters, ordered by identifier.
    static func tasks(
        matching filters: SwarmListTasksRequest.Filters,
        in state: StoreState
    ) -> [SwarmTask] {
        Self.candidates(for: filters, in: state).filter { task in
            ListFilters.matches(
                name: Self.name(of: task),
                id: task.id,
                labels: task.serviceAnnotations.labels,
                names: filters.names,
                namePrefixes: filters.namePrefixes,
                idPrefixes: filters.idPrefixes,
                wanted: filters.labels
            )
                && ListFilters.matches(task.serviceID, anyOf: filters.serviceIds)
                && ListFilters.matches(task.nodeID, anyOf: filters.nodeIds)
                && ListFilters.matches(task.desiredState, anyOf: filters.desiredStates)
                && Self.matches(task.spec, runtimes: filters.runtimes)
                && (!filters.upToDate || Self.isUpToDate(task, in: state))
        }
    }

    /// Few tasks that hold all that can match, by an index where a filter names one.
    private static func candidates(
        for filters: SwarmListTasksRequest.Filters,
        in state: StoreState
    ) -> [SwarmTask] {
        let keys: [IndexKey]
        if !filters.serviceIds.isEmpty {
            keys = Set(filters.serviceIds).map(IndexKey.service)
        } else if !filters.nodeIds.isEmpty {
            keys = Set(filters.nodeIds).map(IndexKey.node)
        } else {
            return state.tasks.all
        }
        return keys.flatMap(state.tasks.find).sorted { $0.id < $1.id }
    }

    static func matches(_ spec: SwarmTaskSpec, runtimes: [String]) -> Bool {
        guard !runtimes.isEmpty else { return true }
        return switch spec.runtime {
        case .container?: runtimes.contains("container")
        case .attachment?: runtimes.contains("attachment")
        case .generic(let generic)?: runtimes.contains(generic.kind.lowercased())
        case nil: false
        }
    }

    /// Whether the task is what its service's spec asks for now (SwarmKit `orchestrator/task.go`,
    /// `IsTaskDirty`).
    ///
    /// Of a changed placement it suffices that the task's node meets the new constraints, and a changed
    /// registry password does not matter to a task that has its image.
    static func isUpToDate(_ task: SwarmTask, in state: StoreState) -> Bool {
        guard let service = state.services[task.serviceID] else { return false }
        if task.hasSpecVersion && service.hasSpecVersion && task.specVersion == service.specVersion {
            return true
        }
        var wanted = service.spec.task
        if wanted.placement != task.spec.placement, let node = state.nodes[task.nodeID],
            Self.node(node, meets: wanted.placement.constraints)
        {
            var moved = wanted
            moved.placement = task.spec.placement
            if !task.spec.hasPlacement { moved.clearPlacement() }
            if moved == task.spec { return true }
        }
        if Self.hasImage(task), case .container(var container)? = wanted.runtime,
            case .container(let present)? = task.spec.runtime
        {
            container.pullOptions = present.pullOptions
            if !present.hasPullOptions { container.clearPullOptions() }
            wanted.container = container
        }
        let sameEndpoint = !task.hasEndpoint || task.endpoint.spec == service.spec.endpoint
        return wanted == task.spec && sameEndpoint
    }

    private static func node(_ node: SwarmNode, meets constraints: [String]) -> Bool {
        guard let constraints = try? Constraint.parse(constraints) else { return false }
        return constraints.allSatisfy { $0.matches(node) }
    }

    private static func hasImage(_ task: SwarmTask) -> Bool {
        let state = task.status.state.rawValue
        return task.desiredState.rawValue <= SwarmTaskState.running.rawValue
            && (SwarmTaskState.ready.rawValue...SwarmTaskState.running.rawValue).contains(state)
    }
}
