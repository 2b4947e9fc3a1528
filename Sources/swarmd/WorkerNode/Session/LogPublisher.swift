import Execution
import GRPCCore
import Logging
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// Sends the output of tasks to whoever subscribed at the manager (SwarmKit `agent/agent.go`, `agent/worker.go`).
struct LogPublisher: Sendable {
    typealias Broker = SwarmLogBroker.Client<ManagerConnection.Transport>

    /// How many bytes per second one subscription may send (SwarmKit's limit, parity CE-09).
    static let bytesPerSecond = 10_000_000
    /// How many subscriptions run at a time; further ones are left alone, and their readers told by the broker.
    static let subscriptionLimit = 256

    let nodeID: String
    let registry: ControllerRegistry
    let clock: WorkerClock
    let log: Logger

    /// Serves subscriptions while the session lasts.
    ///
    /// Logs are no reason to give a session up: a broker that fails is asked again, one without logs isn't.
    func run(_ broker: Broker) async throws {
        var backoff = Backoff(base: .milliseconds(100), limit: .seconds(8))
        var dice = SystemRandomNumberGenerator()
        while true {
            do {
                try await self.listen(broker)
            } catch let error as RPCError where error.code == .unimplemented {
                return
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                self.log.debug("log subscriptions failed", metadata: ["error": "\(error)"])
            }
            try await self.clock.sleep(backoff.next(using: &dice))
        }
    }

    private func listen(_ broker: Broker) async throws {
        let request = SwarmListenSubscriptionsRequest()
        try await broker.listenSubscriptions(request, options: ManagerCalls.stream) { response in
            try await withThrowingDiscardingTaskGroup { group in
                defer { group.cancelAll() }
                let running = Mailbox<[String: StopSwitch]>([:])
                for try await message in response.messages {
                    if message.close {
                        running.access { $0[message.id] }?.stop()
                        continue
                    }
                    let stop = StopSwitch()
                    let isNew = running.access { running in
                        guard running[message.id] == nil, running.count < Self.subscriptionLimit else {
                            return false
                        }
                        running[message.id] = stop
                        return true
                    }
                    guard isNew else { continue }
                    group.addTask {
                        await self.serve(message, stop, broker)
                        running.access { $0[message.id] = nil }
                    }
                }
            }
        }
    }

    /// Publishes for one subscription until its output ends or the manager closes it.
    private func serve(_ subscription: SwarmSubscriptionMessage, _ stop: StopSwitch, _ broker: Broker) async {
        do {
            try await stop.run {
                try await broker.publishLogs { writer in
                    try await self.publish(subscription, writer)
                    try await writer.write(
                        .with {
                            $0.subscriptionID = subscription.id
                            $0.close = true
                        }
                    )
                } onResponse: { _ in
                    // Brokers end the call without a message (SwarmKit `manager/logbroker/broker.go`).
                }
            }
        } catch {
            self.log.debug(
                "log subscription ended",
                metadata: ["subscription": "\(subscription.id)", "error": "\(error)"]
            )
        }
    }
}

// MARK: - One subscription

extension LogPublisher {
    private func publish(
        _ subscription: SwarmSubscriptionMessage,
        _ writer: RPCWriter<SwarmPublishLogsMessage>
    ) async throws {
        let limit = Mailbox(RateLimit(bytesPerSecond: Self.bytesPerSecond))
        let throttle: @Sendable (Int) async throws -> Void = { bytes in
            let pause = limit.access { $0.take(bytes, now: self.clock.now()) }
            if pause > .zero { try await self.clock.sleep(pause) }
        }
        try await withThrowingDiscardingTaskGroup { group in
            var known: Set<String> = []
            for await _ in self.registry.additions() {
                let entries = self.registry.entries(matching: subscription.selector, node: self.nodeID)
                for entry in entries where known.insert(entry.task.id).inserted {
                    group.addTask { try await self.publish(entry, subscription, writer, throttle) }
                }
                if !subscription.options.follow { break }
            }
        }
    }

    /// Publishes one task's output.
    ///
    /// What its executor can't read is no reason to fail the others.
    private func publish(
        _ entry: ControllerRegistry.Entry,
        _ subscription: SwarmSubscriptionMessage,
        _ writer: RPCWriter<SwarmPublishLogsMessage>,
        _ throttle: @Sendable (Int) async throws -> Void
    ) async throws {
        let chunks: AsyncThrowingStream<LogChunk, any Error>
        do {
            chunks = try await entry.controller.logs(subscription.options)
        } catch {
            self.log.debug("no output", metadata: ["task": "\(entry.task.id)", "error": "\(error)"])
            return
        }
        var iterator = chunks.makeAsyncIterator()
        while true {
            let chunk: LogChunk?
            do { chunk = try await iterator.next() } catch { chunk = nil }
            guard let chunk else { return }
            try await throttle(chunk.data.count)
            try await writer.write(self.message(chunk, of: entry.task, for: subscription.id))
        }
    }

    private func message(
        _ chunk: LogChunk,
        of task: SwarmTask,
        for subscription: String
    ) -> SwarmPublishLogsMessage {
        let message = SwarmLogMessage.with {
            $0.context.nodeID = self.nodeID
            $0.context.serviceID = task.serviceID
            $0.context.taskID = task.id
            $0.timestamp = chunk.at
            $0.stream = chunk.stream
            $0.data = .init(chunk.data)
        }
        return .with {
            $0.subscriptionID = subscription
            $0.messages = [message]
        }
    }
}
