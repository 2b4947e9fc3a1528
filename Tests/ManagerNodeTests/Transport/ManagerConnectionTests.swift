import GRPCCore
import NIOCore
import NIOPosix
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@Suite(.timeLimit(.minutes(1))) struct ManagerConnectionTests {
    /// Asks the manager on `port` how it is.
    private static func ask(_ port: Int) async throws -> SwarmHealthCheckResponse {
        try await ManagerConnection.withClient(
            to: ServerAddress(host: "127.0.0.1", port: port),
            security: UncertifiedNode("n1"),
            within: .seconds(20)
        ) { try await SwarmHealth.Client(wrapping: $0).check(.init()) }
    }

    /// Runs `body` beside a port on which connections are accepted and nothing is ever said.
    private static func withSilence(
        _ body: (_ port: Int, _ accepted: AsyncStream<any Channel>) async throws -> Void
    ) async throws {
        let (accepted, accepting) = AsyncStream.makeStream(
            of: (any Channel).self,
            bufferingPolicy: .bufferingOldest(4)
        )
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                accepting.yield(channel)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do { try await body(server.localAddress?.port ?? 0, accepted) } catch {
            try await server.close().get()
            throw error
        }
        try await server.close().get()
    }

    @Test func `where nobody listens the call says so, and why`() async throws {
        // One of the kernel's choice may be another test's by now; this is nobody's.
        let error = await #expect(throws: RPCError.self) { try await Self.ask(1) }
        #expect(error?.code == .unavailable && error?.cause != nil)
    }

    @Test func `a call that is never answered ends when it is cancelled`() async throws {
        try await Self.withSilence { port, accepted in
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { (try? await Self.ask(port)) != nil }
                for await _ in accepted { break }
                group.cancelAll()
                #expect(await group.next() == false)
            }
        }
    }

    @Test func `a call ends when its connection does`() async throws {
        try await Self.withSilence { port, accepted in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let error = await #expect(throws: RPCError.self) { try await Self.ask(port) }
                    #expect(error?.code == .unavailable)
                }
                for await channel in accepted {
                    channel.close(promise: nil)
                    break
                }
                try await group.waitForAll()
            }
        }
    }
}
