import SwarmAPI
import SwiftProtobuf

/// Lists services as `docker service ls` does.
enum ServiceListing {
    static let columns: [Listing.Column] = [
        .init(key: "ID", heading: "ID"), .init(key: "Name", heading: "NAME"),
        .init(key: "Mode", heading: "MODE"), .init(key: "Replicas", heading: "REPLICAS"),
        .init(key: "Image", heading: "IMAGE"), .init(key: "Ports", heading: "PORTS"),
    ]

    static func make(
        _ services: [SwarmService],
        statuses: [String: SwarmListServiceStatusesResponse.ServiceStatus],
        wholeIDs: Bool = false
    ) -> Listing {
        let sorted = services.sorted {
            ($0.spec.annotations.name, $0.id) < ($1.spec.annotations.name, $1.id)
        }
        return Listing(
            columns: self.columns,
            rows: sorted.map { service in
                let id = Words.short(service.id, whole: wholeIDs)
                return .init(
                    id: id,
                    cells: [
                        id, service.spec.annotations.name, Words.mode(service.spec.mode),
                        Self.replicas(service, statuses[service.id]), service.spec.task.container.image,
                        Self.ports(service.endpoint.ports),
                    ]
                )
            }
        )
    }

    /// `2/3`, with docker's additions for jobs and for a limit per node.
    static func replicas(
        _ service: SwarmService,
        _ status: SwarmListServiceStatusesResponse.ServiceStatus?
    ) -> String {
        let status = status ?? .init()
        let base = "\(status.runningTasks)/\(status.desiredTasks)"
        switch service.spec.mode {
        case .replicatedJob(let job):
            return "\(base) (\(status.completedTasks)/\(job.totalCompletions) completed)"
        case .globalJob:
            let all = status.desiredTasks + status.completedTasks
            return "\(base) (\(status.completedTasks)/\(all) completed)"
        case .replicated where service.spec.task.placement.maxReplicas > 0:
            return "\(base) (max \(service.spec.task.placement.maxReplicas) per node)"
        default: return base
        }
    }

    /// `*:8080->80/tcp`, ports in ascending order.
    static func ports(_ ports: [SwarmPortConfig]) -> String {
        ports.filter { $0.publishMode == .ingress && $0.publishedPort > 0 }
            .sorted { ($0.publishedPort, $0.targetPort) < ($1.publishedPort, $1.targetPort) }
            .map { "*:\($0.publishedPort)->\($0.targetPort)/\(Words.transport($0.protocol))" }
            .joined(separator: ", ")
    }

    /// Counts a service's tasks where the manager does not.
    static func count(
        _ service: SwarmService,
        tasks: [SwarmTask]
    ) -> SwarmListServiceStatusesResponse.ServiceStatus {
        let own = tasks.filter { $0.serviceID == service.id }
        let wanted = own.filter { $0.desiredState.rawValue <= SwarmTaskState.running.rawValue }
        return .with {
            $0.serviceID = service.id
            $0.runningTasks = UInt64(wanted.count { $0.status.state == .running })
            $0.completedTasks = UInt64(
                own.count {
                    $0.status.state == .complete && $0.jobIteration == service.jobStatus.jobIteration
                }
            )
            $0.desiredTasks =
                switch service.spec.mode {
                case .replicated(let replicated): replicated.replicas
                case .replicatedJob(let job): job.maxConcurrent
                default: UInt64(wanted.count)
                }
        }
    }
}
