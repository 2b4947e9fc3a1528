import NIOCore
import NIOPosix
import SwarmRPC
import Synchronization
import Testing

@Suite struct LoopExecutorTests {
    /// Notes that something arrived.
    private final class Listener: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let heard = Mutex(false)

        var hasHeard: Bool { self.heard.withLock { $0 } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.heard.withLock { $0 = true } }
    }

    @Test func `work that lets others have their turn keeps no connection waiting`() async throws {
        let executor = LoopExecutor()
        let listener = Listener()
        let server = try await ServerBootstrap(group: executor.loop)
            .childChannelInitializer { $0.pipeline.addHandler(listener) }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(server.localAddress)
        let others = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let client = try await ClientBootstrap(group: others).connect(to: address).get()
        let isHeard = await withTaskExecutorPreference(executor) {
            let start = ContinuousClock.now
            client.writeAndFlush(ByteBuffer(string: "x"), promise: nil)
            while !listener.hasHeard, ContinuousClock.now - start < .seconds(5) { await Task.yield() }
            return listener.hasHeard
        }
        #expect(isHeard)
        try await client.close()
        try await server.close()
        try await others.shutdownGracefully()
    }
}
