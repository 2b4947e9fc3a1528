import GRPCCore
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct WatchServiceTests {
    private static let tasks = SwarmWatchRequest.with {
        $0.entries = [
            .with {
                $0.kind = "task"
                $0.action = SwarmWatchActionKind(rawValue: 7) ?? .watchActionUnknown
            }
        ]
    }

    /// Runs a watch beside `body`, which reads its messages.
    private static func watch(
        _ manager: TestManager,
        _ request: SwarmWatchRequest,
        _ body: @Sendable (AsyncStream<SwarmWatchMessage>) async throws -> Void
    ) async throws {
        let collector = MessageCollector<SwarmWatchMessage>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try? await WatchService(store: manager.store).watch(
                    request: request,
                    response: RPCWriter(wrapping: collector),
                    context: .test
                )
            }
            try await body(collector.messages)
        }
    }

    @Test func `the first message is empty, then each commit is one message with its index`() async throws {
        try await TestManager.run { manager in
            try await Self.watch(manager, Self.tasks) { messages in
                #expect(await messages.next() == SwarmWatchMessage())
                try await manager.store.update { transaction in
                    try transaction.create(Fixture.task("t1"))
                    try transaction.create(Fixture.node("n1"))
                    try transaction.create(Fixture.task("t2"))
                }
                let index = await manager.store.committed.index
                let message = await messages.next()
                #expect(message?.events.map(\.object.task.id) == ["t1", "t2"])
                #expect(message?.version.index == index)
            }
        }
    }

    @Test func `a resumed watch replays what came after its version`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Fixture.task("t1"))
            let seen = await manager.store.committed.index
            try await manager.add(Fixture.task("t2"))
            try await manager.add(Fixture.task("t3"))
            var request = Self.tasks
            request.resumeFrom.index = seen
            try await Self.watch(manager, request) { messages in
                #expect(await messages.next() == SwarmWatchMessage())
                #expect(await messages.next()?.events.map(\.object.task.id) == ["t2"])
                #expect(await messages.next()?.events.map(\.object.task.id) == ["t3"])
            }
        }
    }

    @Test func `a version in the future is refused`() async throws {
        try await TestManager.run { manager in
            var request = Self.tasks
            request.resumeFrom.index = 1000
            let error = await rpcError { [request] in
                try await WatchService(store: manager.store).watch(
                    request: request,
                    response: RPCWriter(wrapping: MessageCollector()),
                    context: .test
                )
            }
            #expect(error?.code == .unknown)
            #expect(error?.message.contains("versions are out of order") == true)
        }
    }

    @Test func `conflicting filters are an invalid argument`() async throws {
        try await TestManager.run { manager in
            var request = Self.tasks
            request.entries[0].filters = [.with { $0.id = "a" }, .with { $0.idPrefix = "b" }]
            let error = await rpcError { [request] in
                try await WatchService(store: manager.store).watch(
                    request: request,
                    response: RPCWriter(wrapping: MessageCollector()),
                    context: .test
                )
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "conflicting filters specified: id")
        }
    }

    /// A reader that takes nothing until it is let go.
    private struct BlockedWriter: RPCWriterProtocol {
        let gate: AsyncStream<Void>
        let reached: AsyncStream<Void>.Continuation

        func write(_ element: SwarmWatchMessage) async throws {
            self.reached.yield()
            for await _ in self.gate { break }
        }

        func write(contentsOf elements: some Sequence<SwarmWatchMessage>) async throws {
            for element in elements { try await self.write(element) }
        }
    }

    @Test func `a watcher that does not keep up is told to list again`() async throws {
        try await TestManager.run { manager in
            let (gate, open) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let (reached, reach) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let writer = BlockedWriter(gate: gate, reached: reach)
            async let ended = rpcError {
                try await WatchService(store: manager.store, lag: 2).watch(
                    request: Self.tasks,
                    response: RPCWriter(wrapping: writer),
                    context: .test
                )
            }
            for await _ in reached { break }
            for number in 1...4 { try await manager.add(Fixture.task("t\(number)")) }
            open.finish()
            let error = await ended
            #expect(error?.code == .resourceExhausted)
            #expect(error?.message.contains("list again") == true)
        }
    }

    @Test func `a watch ends when its caller goes away`() async throws {
        try await TestManager.run { manager in
            let cancellation = ServerContext.RPCCancellationHandle()
            let context = ServerContext(
                descriptor: MethodDescriptor(fullyQualifiedService: "test", method: "test"),
                remotePeer: "unix:",
                localPeer: "unix:",
                cancellation: cancellation
            )
            let collector = MessageCollector<SwarmWatchMessage>()
            async let ended: Void = WatchService(store: manager.store).watch(
                request: Self.tasks,
                response: RPCWriter(wrapping: collector),
                context: context
            )
            for await _ in collector.messages { break }
            cancellation.cancel()
            try await ended
        }
    }
}
