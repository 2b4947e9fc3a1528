import GRPCCore
import NIOCore
import NIOPosix
import ServerTesting
import SwarmAPI
import SwarmRPC

@testable import ManagerNode

/// A board of services behind a socket of the loopback.
enum BoardBench {
    /// Runs `body` with a board behind a socket, and a client of it.
    static func run(
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

    /// What `call` answers when something serves it at last.
    static func untilServed<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
        while true {
            do { return try await call() } catch let error as RPCError where error.code == .failedPrecondition
            {
                await Task.yield()
            }
        }
    }

    static func refusal(_ body: () async throws -> Void) async -> RPCError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RPCError
        }
    }
}
