package import Primitives
package import SwarmAPI

/// Makes the tasks of services (SwarmKit `orchestrator/task.go`, `NewTask`).
///
/// A task keeps a copy of what its service says at the moment: a later change of the service makes new
/// tasks and leaves this one as it was started.
package struct TaskFactory: Sendable {
    /// The cluster's default log driver, for services that name none.
    private let logDriver: SwarmDriver?
    private let now: Timestamp

    package init(cluster: SwarmCluster?, now: Timestamp) {
        let defaults = cluster?.spec.taskDefaults
        self.logDriver = defaults?.hasLogDriver == true ? defaults?.logDriver : nil
        self.now = now
    }

    /// Makes a task that is desired to run in `slot`, or on `nodeID` where each node gets one.
    ///
    /// A job's task is desired to complete, and belongs to the present run of its job.
    package func make(
        for service: SwarmService,
        slot: UInt64,
        nodeID: String = "",
        using generator: inout SeededGenerator
    ) -> SwarmTask {
        var task = SwarmTask()
        task.id = Identifier.make(using: &generator)
        task.serviceID = service.id
        task.slot = slot
        task.nodeID = nodeID
        task.spec = service.spec.task
        task.specVersion = service.specVersion
        task.serviceAnnotations = service.spec.annotations
        task.status.state = .new
        task.status.message = "created"
        task.status.timestamp = self.now.protobuf
        task.desiredState = .running
        if service.isJob {
            task.desiredState = .complete
            task.jobIteration = service.jobStatus.jobIteration
        }
        task.endpoint = SwarmEndpoint()
        if service.spec.hasEndpoint { task.endpoint.spec = service.spec.endpoint }
        if service.spec.task.hasLogDriver {
            task.logDriver = service.spec.task.logDriver
        } else if let driver = self.logDriver {
            task.logDriver = driver
        }
        return task
    }
}
