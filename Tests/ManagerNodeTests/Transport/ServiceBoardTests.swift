import GRPCCore
import NIOCore
import NIOPosix
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct ServiceBoardTests {
    /// Answers with what it was made with, at once or when its call is cancelled.
    private struct Health: SwarmHealth.SimpleServiceProtocol {
        let status: SwarmHealthCheckResponse.ServingStatus
        var waits: AsyncStream<Void>.Continuation?

        func check(
            request: SwarmHealthCheckRequest,
            context: ServerContext
        ) async throws -> SwarmHealthCheckResponse {
            if let waits = self.waits {
                waits.yield()
                try await context.cancellation.cancelled
            }
            return .with { $0.status = self.status }
        }
    }

    /// Serves `service` while `body` runs, and returns when it has been taken away.
    private static func with(
        _ service: Health,
        on board: ServiceBoard,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await board.serve([service]) }
            defer { group.cancelAll() }
            try await body()
        }
    }

    @Test func `services come and go on one connection`() async throws {
        try await BoardBench.run { board, client in
            let before = await BoardBench.refusal { _ = try await client.check(.init()) }
            #expect(before?.code == .failedPrecondition)
            #expect(before?.message == "nobody is here")
            try await Self.with(Health(status: .serving), on: board) {
                _ = try await BoardBench.untilServed { try await client.check(.init()) }
                try await Self.with(Health(status: .notServing), on: board) {
                    while try await client.check(.init()).status != .notServing { await Task.yield() }
                }
                #expect(try await client.check(.init()).status == .serving)
            }
            #expect(
                await BoardBench.refusal { _ = try await client.check(.init()) }?.message == "nobody is here"
            )
        }
    }

    @Test func `calls of services that go are cancelled, and the connection stays`() async throws {
        try await BoardBench.run { board, client in
            let (begun, waits) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
            async let answer = BoardBench.untilServed { try await client.check(.init()).status }
            try await Self.with(Health(status: .serving, waits: waits), on: board) {
                for await _ in begun { break }
            }
            #expect(try await answer == .serving)
            #expect(
                await BoardBench.refusal { _ = try await client.check(.init()) }?.code == .failedPrecondition
            )
        }
    }
}
