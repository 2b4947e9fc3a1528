import ConsoleCore
import ControlClient
import GRPCCore
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// Follows what tasks print, one source at a time: another one ends the one before.
final class LogFollower: Sendable {
    /// What a follower tells.
    enum Report: Sendable {
        case printed(stream: Int, [LogEntry])
        case ended(stream: Int, reason: String)
    }

    private struct Order: Sendable {
        var stream: Int
        var source: LogSource
        var since: Timestamp?
    }

    /// How many batches wait while a frame is drawn.
    private static let limit = 1024
    /// How many lines of before are shown, of each task.
    private static let tail: Int64 = 200

    let reports: AsyncStream<Report>
    private let report: AsyncStream<Report>.Continuation
    private let orders: AsyncStream<Order>
    private let order: AsyncStream<Order>.Continuation
    /// Ends the stream that is being followed.
    private let current = Mutex<AsyncStream<Void>.Continuation?>(nil)
    private let socket: String

    init(socket: String) {
        self.socket = socket
        (self.reports, self.report) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
        (self.orders, self.order) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Follows `source` from now on.
    func follow(stream: Int, _ source: LogSource, since: Timestamp?) {
        self.order.yield(Order(stream: stream, source: source, since: since))
    }

    /// Works until it is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await order in self.orders {
                let (ends, end) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
                let before = self.current.withLock { current in
                    defer { current = end }
                    return current
                }
                before?.finish()
                group.addTask { await self.follow(order, until: ends) }
            }
            group.cancelAll()
        }
    }

    private func follow(_ order: Order, until ends: AsyncStream<Void>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.read(order) }
            group.addTask { for await _ in ends {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func read(_ order: Order) async {
        var request = SwarmSubscribeLogsRequest()
        switch order.source.kind {
        case .service: request.selector.serviceIds = [order.source.id]
        case .task: request.selector.taskIds = [order.source.id]
        case .node: request.selector.nodeIds = [order.source.id]
        }
        request.options.follow = true
        // The wire's tail: -1 - n is the last n lines.
        request.options.tail = -1 - Self.tail
        if let since = order.since {
            request.options.tail = 0
            request.options.since = since.protobuf
        }
        let wanted = request
        var reason = ""
        do {
            try await ControlClient.withConnection(to: self.socket) { client in
                try await client.logs.subscribeLogs(wanted, options: ControlClient.streamOptions) {
                    response in
                    for try await batch in response.messages { self.hand(batch.messages, of: order) }
                }
            }
        } catch {
            reason = "\(error)"
        }
        guard !Task.isCancelled else { return }
        self.report.yield(.ended(stream: order.stream, reason: reason))
    }

    private func hand(_ messages: [SwarmLogMessage], of order: Order) {
        let entries = messages.map { message in
            let text = String(decoding: message.data, as: UTF8.self)
            return LogEntry(
                at: Timestamp(message.timestamp),
                taskID: message.context.taskID,
                isError: message.stream == .stderr,
                text: text.last?.isNewline == true ? String(text.dropLast()) : text
            )
        }
        self.report.yield(.printed(stream: order.stream, entries))
    }
}
