import Dispatching
package import GRPCCore
import Primitives
import ReplicatedStore
package import SwarmAPI
import SwarmRPC

/// The dispatcher's calls as agents make them (SwarmKit `api/dispatcher.proto`).
package struct DispatcherService: SwarmDispatcher.SimpleServiceProtocol {
    private let dispatcher: Dispatcher

    package init(dispatcher: Dispatcher) { self.dispatcher = dispatcher }

    package func session(
        request: SwarmSessionRequest,
        response: RPCWriter<SwarmSessionMessage>,
        context: ServerContext
    ) async throws {
        let node = try context.callingNode
        let addr = context.peer.host ?? ""
        let dispatcher = self.dispatcher
        try await context.whileConnected {
            let open = try await dispatcher.openSession(node: node, addr: addr, request)
            defer { dispatcher.closeSession(open) }
            var last = SwarmSessionMessage()
            for await _ in open.feed.wakeups {
                guard let message = await dispatcher.sessionMessage(for: open) else {
                    throw Dispatcher.mustDisconnect
                }
                if message != last { try await response.write(message) }
                last = message
            }
            guard let ending = open.feed.ending else { return }
            // An agent takes the list of managers from the last message with it.
            try await response.write(last)
            throw ending
        }
    }

    package func heartbeat(
        request: SwarmHeartbeatRequest,
        context: ServerContext
    ) async throws -> SwarmHeartbeatResponse {
        let period = try self.dispatcher.heartbeat(node: context.callingNode, session: request.sessionID)
        var response = SwarmHeartbeatResponse()
        response.period = period.protobuf
        return response
    }

    package func assignments(
        request: SwarmAssignmentsRequest,
        response: RPCWriter<SwarmAssignmentsMessage>,
        context: ServerContext
    ) async throws {
        let node = try context.callingNode
        let dispatcher = self.dispatcher
        try await context.whileConnected {
            let (id, feed) = try dispatcher.openAssignments(node: node, session: request.sessionID)
            defer { dispatcher.closeAssignments(id) }
            var assignments = AssignmentSet(nodeID: node)
            // The feed is open already: what is committed from here on is either in this state or in the feed.
            let start = await dispatcher.store.committed
            try await response.write(assignments.complete(on: start.state))
            for await _ in feed.wakeups {
                let news = feed.take()
                guard let state = news.state, news.index > start.index else { continue }
                let messages =
                    news.changedTasks.map { assignments.incremental(changed: $0, on: state) }
                    ?? assignments.resynchronize(on: state)
                for message in messages { try await response.write(message) }
            }
            if let ending = feed.ending { throw ending }
        }
    }

    package func updateTaskStatus(
        request: SwarmUpdateTaskStatusRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateTaskStatusResponse {
        try await self.dispatcher.report(node: context.callingNode, request)
        return SwarmUpdateTaskStatusResponse()
    }

    package func updateVolumeStatus(
        request: SwarmUpdateVolumeStatusRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateVolumeStatusResponse {
        throw RPCError(code: .unimplemented, message: "cluster volumes are not supported by this manager")
    }

    package func tasks(
        request: SwarmTasksRequest,
        response: RPCWriter<SwarmTasksMessage>,
        context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "Tasks is a legacy call: use Assignments")
    }
}
