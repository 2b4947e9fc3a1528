package import GRPCCore
package import SwarmAPI
import SwarmRPC

/// The subscribers' side of the log broker.
package struct LogsService: SwarmLogs.SimpleServiceProtocol {
    private let broker: LogBroker

    package init(broker: LogBroker) { self.broker = broker }

    package func subscribeLogs(
        request: SwarmSubscribeLogsRequest,
        response: RPCWriter<SwarmSubscribeLogsMessage>,
        context: ServerContext
    ) async throws {
        let selector = request.selector
        guard !(selector.serviceIds.isEmpty && selector.nodeIds.isEmpty && selector.taskIds.isEmpty) else {
            throw RPCError(code: .invalidArgument, message: "log selector must be provided")
        }
        let broker = self.broker
        try await context.whileConnected {
            let (id, pipe) = try await broker.subscribe(selector, request.options)
            defer { broker.unsubscribe(id) }
            while let batch = await pipe.next() {
                var message = SwarmSubscribeLogsMessage()
                message.messages = batch
                try await response.write(message)
            }
            switch pipe.ending {
            case .complete(let warning?): throw RPCError(code: .unknown, message: warning)
            case .complete(nil), nil: return
            case .stopped: throw LogBroker.stopped
            }
        }
    }
}
