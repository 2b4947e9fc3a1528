import Logging
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
@testable import WorkerNode

extension SwarmTask {
    /// A task as a dispatcher assigns it.
    static func make(
        _ id: String,
        desired: SwarmTaskState = .running,
        service: String = "service1"
    ) -> SwarmTask {
        .with {
            $0.id = id
            $0.serviceID = service
            $0.nodeID = "node1"
            $0.status.state = .assigned
            $0.desiredState = desired
        }
    }
}

extension SwarmAssignmentsMessage {
    /// The message that a stream begins with.
    static func complete(_ tasks: [SwarmTask]) -> SwarmAssignmentsMessage {
        .with {
            $0.type = .complete
            $0.resultsIn = "1"
            $0.changes = tasks.map { .update($0) }
        }
    }

    /// A later message, which turns position `from` into the next.
    static func incremental(
        from: Int,
        _ tasks: [SwarmTask] = [],
        removing: [String] = []
    ) -> SwarmAssignmentsMessage {
        .with {
            $0.type = .incremental
            $0.appliesTo = "\(from)"
            $0.resultsIn = "\(from + 1)"
            $0.changes = tasks.map { .update($0) } + removing.map { .remove($0) }
        }
    }
}

extension SwarmAssignmentChange {
    static func update(_ task: SwarmTask) -> SwarmAssignmentChange {
        .with {
            $0.assignment.task = task
            $0.action = .update
        }
    }

    static func remove(_ id: String) -> SwarmAssignmentChange {
        .with {
            $0.assignment.task = .with { $0.id = id }
            $0.action = .remove
        }
    }
}

/// A log that goes nowhere.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension Agent {
    /// An agent of node "node1".
    static func make(at manager: String, in folder: String, _ executor: ScriptedExecutor) throws -> Agent {
        let configuration = AgentConfiguration(
            nodeID: "node1",
            security: UncertifiedNode("node1"),
            managers: [try ServerAddress(manager)],
            stateDirectory: folder
        )
        return Agent(configuration: configuration, executor: executor, log: quiet)
    }
}
