import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ManagerNode

struct ProtocolDetectorTests {
    /// A channel whose detector calls `detected` with what it finds.
    private func channel(
        _ detected: @escaping (EmbeddedChannel, ProtocolDetector.Kind) -> EventLoopFuture<Void>
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        let detector = ProtocolDetector { [unowned channel] in detected(channel, $0) }
        try channel.pipeline.syncOperations.addHandler(detector)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func `plain HTTP/2 passes, and the detector leaves`() throws {
        let channel = try self.channel { channel, kind in
            #expect(kind == .http2)
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        try channel.writeInbound(ByteBuffer(string: "PRI * HTTP/2.0"))
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "PRI * HTTP/2.0"))
        channel.embeddedEventLoop.run()
        #expect(throws: (any Error).self) {
            try channel.pipeline.syncOperations.handler(type: ProtocolDetector.self)
        }
    }

    @Test func `nothing passes before the handlers are there`() throws {
        let promise = Mutex<EventLoopPromise<Void>?>(nil)
        let channel = try self.channel { channel, _ in
            let made = channel.eventLoop.makePromise(of: Void.self)
            promise.withLock { $0 = made }
            return made.futureResult
        }
        try channel.writeInbound(ByteBuffer(string: "P"))
        try channel.writeInbound(ByteBuffer(string: "RI"))
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
        promise.withLock { $0 }?.succeed()
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "P"))
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "RI"))
    }

    @Test func `a TLS client is turned away where nobody can answer it`() throws {
        let channel = try self.channel { channel, kind in
            #expect(kind == .tls)
            return channel.eventLoop.makeFailedFuture(ConnectionRefusal.handshake)
        }
        try channel.writeInbound(ByteBuffer(bytes: [0x16, 3, 1, 2, 0]))
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
        #expect(!channel.isActive)
    }
}
