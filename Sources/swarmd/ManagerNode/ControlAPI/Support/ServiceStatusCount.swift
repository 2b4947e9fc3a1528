import StoreCore
import SwarmAPI
import SwiftProtobuf

/// How many tasks a service should have, has running, and has completed.
enum ServiceStatusCount {
    /// The counts of the service with `id`; zeros for one that is not there and left no tasks
    /// (SwarmKit `controlapi/service.go`, `ListServiceStatuses`).
    static func status(
        of id: String,
        in state: StoreState
    ) -> SwarmListServiceStatusesResponse.ServiceStatus {
        let service = state.services[id]
        return .with { status in
            status.serviceID = id
            status.desiredTasks = Self.fixedTarget(of: service)
            for task in state.tasks.find(.service(id)) {
                if let service, service.hasJobStatus {
                    guard task.hasJobIteration, task.jobIteration == service.jobStatus.jobIteration else {
                        continue
                    }
                    if task.status.state == .complete { status.completedTasks += 1 }
                }
                if task.status.state == .running { status.runningTasks += 1 }
                if Self.isWantedByGlobal(task, of: service) { status.desiredTasks += 1 }
            }
        }
    }

    /// What the spec itself says; a global service's target is counted from its tasks.
    private static func fixedTarget(of service: SwarmService?) -> UInt64 {
        switch service?.spec.mode {
        case .replicated(let replicated)?: replicated.replicas
        case .replicatedJob(let job)?: job.maxConcurrent
        case .global?, .globalJob?, nil: 0
        }
    }

    private static func isWantedByGlobal(_ task: SwarmTask, of service: SwarmService?) -> Bool {
        switch service?.spec.mode {
        case .global?, .globalJob?:
            task.desiredState == .running
                || (task.desiredState == .complete && task.status.state != .complete)
        case .replicated?, .replicatedJob?, nil: false
        }
    }
}
