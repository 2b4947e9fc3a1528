package import GRPCCore
package import SwarmAPI
import SwarmRPC

/// The agents' side of the log broker.
package struct LogBrokerService: SwarmLogBroker.SimpleServiceProtocol {
    private let broker: LogBroker

    package init(broker: LogBroker) { self.broker = broker }

    package func listenSubscriptions(
        request: SwarmListenSubscriptionsRequest,
        response: RPCWriter<SwarmSubscriptionMessage>,
        context: ServerContext
    ) async throws {
        let node = try context.callingNode
        let broker = self.broker
        try await context.whileConnected {
            let (stream, orders) = try broker.listen(node: node)
            defer { broker.unlisten(node: node, stream: stream) }
            for await order in orders { try await response.write(order) }
            throw LogBroker.stopped
        }
    }

    /// Takes what one agent publishes for one subscription.
    ///
    /// SwarmKit answers a closed stream without a message, an error for its own agents, which ignore it;
    /// the message that we send is what the schema promises, and suits both.
    package func publishLogs(
        request: RPCAsyncSequence<SwarmPublishLogsMessage, any Error>,
        context: ServerContext
    ) async throws -> SwarmPublishLogsResponse {
        let node = try context.callingNode
        let broker = self.broker
        return try await context.whileConnected {
            var publisher = LogPublisher(node: node, broker: broker)
            do {
                for try await message in request {
                    guard try await publisher.publish(message) else { break }
                }
                publisher.finish(failure: nil)
            } catch {
                publisher.finish(failure: "node \(node): \(error)")
                throw error
            }
            return SwarmPublishLogsResponse()
        }
    }
}

/// One agent's stream of messages for one subscription.
private struct LogPublisher {
    let node: String
    let broker: LogBroker
    private var subscription: String?

    init(node: String, broker: LogBroker) {
        self.node = node
        self.broker = broker
    }

    /// Passes the messages on; returns false when no more are expected.
    mutating func publish(_ message: SwarmPublishLogsMessage) async throws -> Bool {
        let id = message.subscriptionID
        guard !id.isEmpty else {
            throw RPCError(code: .invalidArgument, message: "missing subscription ID")
        }
        guard self.subscription == nil || self.subscription == id else {
            throw RPCError(code: .invalidArgument, message: "different subscription IDs in the same session")
        }
        guard let pipe = try self.broker.pipe(of: id) else {
            if self.subscription != nil { return false }
            throw RPCError(code: .notFound, message: "unknown subscription ID")
        }
        self.subscription = id
        if message.close { return false }
        for line in message.messages where line.context.nodeID != self.node {
            throw RPCError(code: .permissionDenied, message: "invalid NodeID: \(line.context.nodeID)")
        }
        return await pipe.send(message.messages)
    }

    func finish(failure: String?) {
        guard let subscription = self.subscription else { return }
        self.broker.published(node: self.node, subscription: subscription, failure: failure)
    }
}
