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

    /// Runs `body` with a board behind a socket, and a client of it.
    private static func run(
        _ body:
            @escaping @Sendable (ServiceBoard, SwarmHealth.Client<ManagerConnection.Transport>) async throws
            -> Void
    ) async throws {
        let board = ServiceBoard(methods: SwarmHealth.Method.descriptors)
        board.refuse("nobody is here")
        let listener = try TCPListener(
            address: "127.0.0.1:0",
            security: UncertifiedCallers(),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton
        )
        let server = APIServer(listener: listener, services: [], log: TLSLab.log)
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await server.run(board, onReady: { bound.yield($0.port ?? 0) }) }
            group.addTask {
                for await port in ports {
                    return try await ManagerConnection.withClient(
                        to: ServerAddress(host: "127.0.0.1", port: port),
                        security: UncertifiedNode(),
                        within: .seconds(20)
                    ) { try await body(board, SwarmHealth.Client(wrapping: $0)) }
                }
            }
            try await group.next()
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

    /// What `call` answers when something serves it at last.
    private static func untilServed<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
        while true {
            do { return try await call() } catch let error as RPCError where error.code == .failedPrecondition
            {
                await Task.yield()
            }
        }
    }

    private static func refusal(_ body: () async throws -> Void) async -> RPCError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RPCError
        }
    }

    @Test func `services come and go on one connection`() async throws {
        try await Self.run { board, client in
            let before = await Self.refusal { _ = try await client.check(.init()) }
            #expect(before?.code == .failedPrecondition)
            #expect(before?.message == "nobody is here")
            try await Self.with(Health(status: .serving), on: board) {
                _ = try await Self.untilServed { try await client.check(.init()) }
                try await Self.with(Health(status: .notServing), on: board) {
                    while try await client.check(.init()).status != .notServing { await Task.yield() }
                }
                #expect(try await client.check(.init()).status == .serving)
            }
            #expect(await Self.refusal { _ = try await client.check(.init()) }?.message == "nobody is here")
        }
    }

    @Test func `calls of services that go are cancelled, and the connection stays`() async throws {
        try await Self.run { board, client in
            let (begun, waits) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
            async let answer = Self.untilServed { try await client.check(.init()).status }
            try await Self.with(Health(status: .serving, waits: waits), on: board) {
                for await _ in begun { break }
            }
            #expect(try await answer == .serving)
            #expect(await Self.refusal { _ = try await client.check(.init()) }?.code == .failedPrecondition)
        }
    }
}
