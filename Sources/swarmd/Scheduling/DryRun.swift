package import Primitives
package import StoreCore
package import SwarmAPI
import SwiftProtobuf

/// What would happen if tasks were to be placed now: nothing is changed.
///
/// Pure: the scheduler itself runs on a copy of the store, so that its answer is the one that would be given.
package struct DryRun: Sendable {
    /// Where one task would go.
    package struct Placement: Sendable, Equatable {
        /// The task's slot; 0 for a task of a global service.
        package let slot: UInt64
        package let serviceID: String
        /// The node that it would get; nil for none.
        package let nodeID: String?
        /// Why it would get none; empty if it would.
        package let reason: String
    }

    /// Why a node would not take the service's next task; empty if it would.
    package struct Verdict: Sendable, Equatable {
        package let nodeID: String
        package let reason: String
    }

    /// Where tasks would go, by service and slot.
    package let placements: [Placement]
    /// What each node says to one more task of the service, by identifier; empty for a drain.
    package let verdicts: [Verdict]

    /// Says where the tasks of a new service would go.
    package static func create(_ spec: SwarmServiceSpec, on state: StoreState, now: Timestamp) -> DryRun {
        let service = SwarmService.with {
            $0.id = "dry-run"
            $0.spec = spec
            $0.specVersion = SwarmVersion()
        }
        var tasks: [SwarmTask] = []
        if case .global? = spec.mode {
            for node in state.nodes.all { tasks.append(Self.task(of: service, slot: 0, nodeID: node.id)) }
        } else {
            for slot in 0..<min(spec.wantedTasks, Self.limit) {
                tasks.append(Self.task(of: service, slot: slot + 1, nodeID: ""))
            }
        }
        var state = state
        state.services.replace(service)
        let placements = Self.place(tasks, on: state, now: now)
        return DryRun(
            placements: placements.list,
            verdicts: placements.scheduler.verdicts(of: service, now: now)
        )
    }

    /// Says where the tasks of a node would go if it was drained; global services' tasks only stop.
    package static func drain(_ nodeID: String, on state: StoreState, now: Timestamp) -> DryRun {
        var state = state
        guard var node = state.nodes[nodeID] else { return DryRun(placements: [], verdicts: []) }
        node.spec.availability = .drain
        state.nodes.replace(node)
        var tasks: [SwarmTask] = []
        for task in state.tasks.find(.node(nodeID)) where task.isSchedulable && task.isToRun && task.slot > 0
        {
            var next = task
            next.id = "dry-run-\(task.id)"
            next.nodeID = ""
            next.status = SwarmTaskStatus.with { $0.state = .pending }
            next.assignedGenericResources = []
            next.volumes = []
            tasks.append(next)
            var old = task
            old.desiredState = .shutdown
            state.tasks.replace(old)
        }
        return DryRun(placements: Self.place(tasks, on: state, now: now).list, verdicts: [])
    }

    /// How many tasks are looked at; more of a service say nothing new.
    private static let limit: UInt64 = 10_000
}

extension DryRun {
    private static func task(of service: SwarmService, slot: UInt64, nodeID: String) -> SwarmTask {
        .with {
            $0.id = "dry-run-\(nodeID)\(slot)"
            $0.serviceID = service.id
            $0.slot = slot
            $0.nodeID = nodeID
            $0.spec = service.spec.task
            $0.specVersion = service.specVersion
            $0.endpoint.spec = service.spec.endpoint
            $0.endpoint.ports = service.spec.endpoint.ports
            $0.desiredState = .running
            $0.status.state = .pending
        }
    }

    static func place(
        _ tasks: [SwarmTask],
        on state: StoreState,
        now: Timestamp
    ) -> (list: [Placement], scheduler: Scheduler, relieved: Int, room: Room) {
        // What waits already goes first, as it would.
        var state = state
        for task in tasks { state.tasks.replace(task) }
        var scheduler = Scheduler()
        scheduler.start(on: state, now: now)
        let room = scheduler.room
        var generator = SeededGenerator(seed: 0)
        var outcomes: [String: SwarmTask] = [:]
        for edit in scheduler.plan(on: state, now: now, using: &generator) {
            switch edit {
            case .assign(let task), .update(.task(let task)): outcomes[task.id] = task
            case .create, .update, .remove: break
            }
        }
        let list = tasks.map { task in
            let outcome = outcomes[task.id] ?? task
            let isPlaced = outcome.status.state == .assigned
            return Placement(
                slot: task.slot,
                serviceID: task.serviceID,
                nodeID: isPlaced ? outcome.nodeID : nil,
                reason: isPlaced ? "" : outcome.status.err
            )
        }
        let assigned = outcomes.values.count { $0.status.state == .assigned }
        return (list, scheduler, assigned - list.count { $0.nodeID != nil }, room)
    }
}

extension SwarmServiceSpec {
    /// How many tasks a replicated service or job wants at once.
    fileprivate var wantedTasks: UInt64 {
        switch self.mode {
        case .replicated(let mode)?: mode.replicas
        case .replicatedJob(let mode)?: min(max(1, mode.maxConcurrent), max(1, mode.totalCompletions))
        case .global?, .globalJob?, nil: 0
        }
    }
}
