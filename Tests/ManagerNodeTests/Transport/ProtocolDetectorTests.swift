import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import ManagerNode

struct ProtocolDetectorTests {
    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ProtocolDetector(log: Logger(label: "test")))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func `plain HTTP/2 passes, and the detector leaves`() throws {
        let channel = try self.channel()
        try channel.writeInbound(ByteBuffer(string: "PRI * HTTP/2.0"))
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "PRI * HTTP/2.0"))
        channel.embeddedEventLoop.run()
        #expect(throws: (any Error).self) {
            try channel.pipeline.syncOperations.handler(type: ProtocolDetector.self)
        }
    }

    @Test func `a TLS client is turned away`() throws {
        let channel = try self.channel()
        try channel.writeInbound(ByteBuffer(bytes: [0x16, 3, 1, 2, 0]))
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
        #expect(!channel.isActive)
    }
}
