import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

struct LogBrokerTests {
    /// An agent that answers each subscription with one line, until it is cancelled.
    private static func agent(_ node: String, on manager: LoopbackManager) async throws {
        let broker = SwarmLogBroker.Client(wrapping: manager.client)
        let metadata = LoopbackManager.metadata(node)
        try await broker.listenSubscriptions(.init(), metadata: metadata) { response in
            for try await order in response.messages where !order.close {
                let line = SwarmLogMessage.with {
                    $0.context.nodeID = node
                    $0.data = .init("hello from \(node)".utf8)
                }
                _ = try await broker.publishLogs(metadata: metadata) { writer in
                    try await writer.write(
                        .with {
                            $0.subscriptionID = order.id
                            $0.messages = [line]
                        }
                    )
                    try await writer.write(
                        .with {
                            $0.subscriptionID = order.id
                            $0.close = true
                        }
                    )
                }
            }
        }
    }

    /// Reads a subscription to its end.
    private static func read(
        _ manager: LoopbackManager,
        count: Int? = nil,
        follow: Bool = false
    ) async throws
        -> [String]
    {
        let logs = SwarmLogs.Client(wrapping: manager.client)
        let request = SwarmSubscribeLogsRequest.with {
            $0.selector.serviceIds = ["s1"]
            $0.options.follow = follow
        }
        return try await logs.subscribeLogs(request) { response in
            var lines: [String] = []
            for try await message in response.messages {
                lines += message.messages.map { String(decoding: $0.data, as: UTF8.self) }
                if lines.count == count { break }
            }
            return lines
        }
    }

    /// Runs `body` while both nodes have a task and an agent that publishes.
    private func withAgents(_ body: @escaping @Sendable (LoopbackManager) async throws -> Void) async throws {
        try await LoopbackManager.run { manager in
            try await manager.add(LoopbackManager.task("t1", on: "n1", .running))
            try await manager.add(LoopbackManager.task("t2", on: "n2", .running))
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                for node in ["n1", "n2"] { group.addTask { try await Self.agent(node, on: manager) } }
                // Until both listen a subscription ends with a warning.
                for _ in 0..<500 {
                    if (try? await Self.read(manager)) != nil { break }
                    try await ContinuousClock().sleep(for: .milliseconds(5))
                }
                try await body(manager)
            }
        }
    }

    @Test func `the lines of both agents arrive, and the stream ends`() async throws {
        try await self.withAgents { manager in
            let lines = try await Self.read(manager)
            #expect(lines.sorted() == ["hello from n1", "hello from n2"])
        }
    }

    @Test func `following goes on after the agents are done`() async throws {
        try await self.withAgents { manager in
            let lines = try await Self.read(manager, count: 2, follow: true)
            #expect(lines.sorted() == ["hello from n1", "hello from n2"])
        }
    }

    @Test func `a node that is not there is named in a warning`() async throws {
        try await LoopbackManager.run { manager in
            try await manager.add(LoopbackManager.task("t1", on: "n1", .running))
            let error = await #expect(throws: RPCError.self) { try await Self.read(manager) }
            #expect(error?.code == .unknown)
            #expect(error?.message.hasSuffix("reasons: node n1 is not available") == true)
        }
    }

    @Test func `an empty selector, a foreign line and an unknown subscription are refused`() async throws {
        try await LoopbackManager.run { manager in
            let logs = SwarmLogs.Client(wrapping: manager.client)
            let empty = await #expect(throws: RPCError.self) {
                try await logs.subscribeLogs(.init()) { for try await _ in $0.messages {} }
            }
            #expect(empty?.code == .invalidArgument)
            let broker = SwarmLogBroker.Client(wrapping: manager.client)
            let unknown = await #expect(throws: RPCError.self) {
                try await broker.publishLogs(metadata: LoopbackManager.metadata("n1")) {
                    try await $0.write(.with { $0.subscriptionID = "nope" })
                }
            }
            #expect(unknown?.code == .notFound)
        }
    }

    @Test func `an agent cannot publish in another's name`() async throws {
        try await LoopbackManager.run { manager in
            let broker = manager.broker
            let open = try await broker.subscribe(.with { $0.nodeIds = ["n1"] }, .init())
            let client = SwarmLogBroker.Client(wrapping: manager.client)
            let foreign = await #expect(throws: RPCError.self) {
                try await client.publishLogs(metadata: LoopbackManager.metadata("n1")) { writer in
                    try await writer.write(
                        .with {
                            $0.subscriptionID = open.id
                            $0.messages = [.with { $0.context.nodeID = "n2" }]
                        }
                    )
                }
            }
            #expect(foreign?.code == .permissionDenied)
            #expect(foreign?.message == "invalid NodeID: n2")
        }
    }
}
