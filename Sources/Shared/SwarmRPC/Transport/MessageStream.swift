import GRPCCore
package import NIOCore
import NIOHTTP2

/// A call that streams messages both ways, alone on its connection and without gRPC's machinery.
///
/// For what must be quick: a message goes from its sender to the socket, and from the socket to its receiver, without a
/// change of task (docs/decisions/0019). To the other side it is a call like any other. Everything happens on `loop`.
package struct MessageStream: Sendable {
    /// The largest message that is taken.
    static let messageBytes = 4 << 20

    private let channel: any Channel
    private let handler: NIOLoopBound<MessageStreamHandler>

    /// Where the stream lives: `send` is to be called there.
    package var loop: any EventLoop { self.channel.eventLoop }

    /// Connects to `server` within `patience`, calls `method`, runs `body`, and cuts the connection, which lives on a
    /// loop of `group`.
    ///
    /// `security` and `name` are as for `ManagerConnection`, as are the errors. `receive` gets each message, on the loop.
    package static func withCall<Result: Sendable>(
        of method: MethodDescriptor,
        to server: ServerAddress,
        security: any ConnectionSecurity,
        name: ServerName = .manager,
        within patience: Duration,
        on group: any EventLoopGroup,
        receive: @escaping @Sendable (ByteBuffer) -> Void,
        _ body: (MessageStream) async throws -> Result
    ) async throws -> Result {
        let channels = DialledChannels()
        let dial = Dial(server: server, name: name, security: security, patience: patience, loop: group)
        let head = MessageStreamHandler.head(method, to: name, security.metadata)
        return try await channels.during(server) {
            let stream = try await Self.open(dial, channels) { channel in
                let handler = MessageStreamHandler(head, on: channel.eventLoop, receive: receive)
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandlers([NIOHTTP2Handler(mode: .client), handler])
                return Self(channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
            }
            return try await body(stream)
        }
    }

    private static func open(
        _ dial: Dial,
        _ channels: DialledChannels,
        _ configure: @escaping @Sendable (any Channel) throws -> Self
    ) async throws -> Self {
        do {
            return try await channels.connect(dial) { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel) }
            }
        } catch {
            throw Dial.failure(error, of: dial.server)
        }
    }

    /// Returns when the other side has taken the call; throws the `RPCError` by which it refused.
    package func accepted() async throws {
        let handler = self.handler
        try await self.loop.flatSubmit { handler.value.accepted.futureResult }.get()
    }

    /// Returns when the other side has ended the call; throws the `RPCError` by which it did, or that the connection
    /// broke.
    package func ended() async throws {
        let handler = self.handler
        try await self.loop.flatSubmit { handler.value.ended.futureResult }.get()
    }

    /// A buffer to encode a message of about `capacity` bytes into, behind the room for its length.
    package func buffer(capacity: Int) -> ByteBuffer {
        var buffer = self.channel.allocator.buffer(capacity: capacity + MessageDecoder.prefix)
        buffer.writeRepeatingByte(0, count: MessageDecoder.prefix)
        return buffer
    }

    /// Sends the message in `buffer`; on the loop only.
    ///
    /// `taken` is called when the socket has it, or the connection broke.
    package func send(_ buffer: ByteBuffer, taken: @escaping @Sendable () -> Void) {
        var buffer = buffer
        buffer.setInteger(UInt32(buffer.readableBytes - MessageDecoder.prefix), at: buffer.readerIndex + 1)
        self.handler.value.send(buffer, taken: taken)
    }
}
