package import GRPCCore
package import SwarmAPI
import StoreCore
import SwiftProtobuf

extension ControlService {
    package func getTask(
        request: SwarmGetTaskRequest,
        context: ServerContext
    ) async throws -> SwarmGetTaskResponse {
        let task: SwarmTask = try await self.find(request.taskID, in: self.state, field: "task_id")
        return .with { $0.task = task }
    }

    package func listTasks(
        request: SwarmListTasksRequest,
        context: ServerContext
    ) async throws -> SwarmListTasksResponse {
        let state = try await self.state
        return .with { $0.tasks = TaskView.tasks(matching: request.filters, in: state) }
    }

    package func removeTask(
        request: SwarmRemoveTaskRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveTaskResponse {
        guard !request.taskID.isEmpty else { throw RPCError.missing("task_id") }
        try await self.commit { transaction in
            try transaction.remove(SwarmTask.self, id: request.taskID)
        }
        return SwarmRemoveTaskResponse()
    }
}
