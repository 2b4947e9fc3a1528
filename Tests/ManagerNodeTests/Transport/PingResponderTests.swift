import NIOCore
import NIOEmbedded
import SwarmRPC
import Testing

struct PingResponderTests {
    private static let preface = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    private func frame(_ type: UInt8, flags: UInt8 = 0, _ payload: [UInt8]) -> ByteBuffer {
        let length = UInt8(payload.count)
        return ByteBuffer(bytes: [0, 0, length, type, flags, 0, 0, 0, 0] + payload)
    }

    private func ping(_ number: UInt8) -> ByteBuffer { self.frame(6, [0, 0, 0, 0, 0, 0, 0, number]) }

    /// What a server's responder passes on and what it answers, for bytes that arrive in these pieces.
    private func exchange(_ pieces: [ByteBuffer]) throws -> (passed: [UInt8], answered: [UInt8]) {
        let channel = EmbeddedChannel(handler: PingResponder(isServer: true))
        for piece in pieces { try channel.writeInbound(piece) }
        var passed: [UInt8] = []
        while let bytes = try channel.readInbound(as: ByteBuffer.self) { passed += bytes.readableBytesView }
        var answered: [UInt8] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            answered += bytes.readableBytesView
        }
        _ = try channel.finish(acceptAlreadyClosed: true)
        return (passed, answered)
    }

    private func joined(_ buffers: [ByteBuffer]) -> [UInt8] {
        buffers.flatMap { Array($0.readableBytesView) }
    }

    /// Settings, a PING, data, two PINGs, an acknowledgement of ours.
    private var conversation: [ByteBuffer] {
        [
            Self.preface, self.frame(4, []), self.ping(1), self.frame(0, Array(repeating: 6, count: 40)),
            self.ping(2), self.ping(3), self.frame(6, flags: 1, [0, 0, 0, 0, 0, 0, 0, 9]),
        ]
    }

    private var expected: (passed: [UInt8], answered: [UInt8]) {
        let all = self.conversation
        let answers = [1, 2, 3].map { self.frame(6, flags: 1, [0, 0, 0, 0, 0, 0, 0, $0]) }
        return (self.joined([all[0], all[1], all[3], all[6]]), self.joined(answers))
    }

    @Test func `PINGs are answered and everything else passes untouched`() throws {
        #expect(try self.exchange(self.conversation) == self.expected)
        let inOnePiece = [ByteBuffer(bytes: self.joined(self.conversation))]
        #expect(try self.exchange(inOnePiece) == self.expected)
    }

    @Test(arguments: 1...30)
    func `pieces of any length give the same`(length: Int) throws {
        let bytes = self.joined(self.conversation)
        let pieces = stride(from: 0, to: bytes.count, by: length).map { start in
            ByteBuffer(bytes: bytes[start..<min(start + length, bytes.count)])
        }
        #expect(try self.exchange(pieces) == self.expected)
    }

    @Test func `a frame is passed on before its end has arrived`() throws {
        let half = ByteBuffer(bytes: [0, 0, 100, 0, 0, 0, 0, 0, 1, 7, 7])
        let passed = try self.exchange([Self.preface, half]).passed
        #expect(passed == self.joined([Self.preface, half]))
    }

    @Test func `a peer that never reads its answers is cut off`() throws {
        let channel = EmbeddedChannel(handlers: [HeldWrites(), PingResponder(isServer: false)])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        for _ in 0..<PingResponder.unwrittenAnswers { try channel.writeInbound(self.ping(1)) }
        #expect(channel.isActive)
        try channel.writeInbound(self.ping(1))
        #expect(!channel.isActive)
    }
}

/// A connection whose peer does not read: writes are never done.
private final class HeldWrites: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private var held: [EventLoopPromise<Void>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if let promise { self.held.append(promise) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        for write in self.held { write.fail(ChannelError.ioOnClosedChannel) }
        context.close(mode: mode, promise: promise)
    }
}
