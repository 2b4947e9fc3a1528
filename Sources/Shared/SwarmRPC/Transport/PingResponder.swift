package import NIOCore

/// Answers HTTP/2 PINGs below the HTTP/2 handler.
///
/// grpc-go sends a PING with each burst of data to estimate the bandwidth, and swift-nio-http2 cuts a
/// connection after 200 control frames in 30 s; with this handler in front it never sees one
/// (architecture D4). Everything else passes through untouched.
package final class PingResponder: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// A peer that has so many answers coming and still asks does not read them: it is cut off.
    package static let unwrittenAnswers = 10_000

    private var scanner: PingScanner
    private var unwritten = 0

    /// `isServer` tells on which side of the connection we are.
    package init(isServer: Bool) { self.scanner = PingScanner(peerIsClient: isServer) }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for step in self.scanner.receive(self.unwrapInboundIn(data)) {
            switch step {
            case .pass(let bytes): context.fireChannelRead(self.wrapInboundOut(bytes))
            case .answer(let payload): self.answer(payload, context: context)
            }
        }
    }

    private func answer(_ payload: UInt64, context: ChannelHandlerContext) {
        guard self.unwritten < Self.unwrittenAnswers else { return context.close(promise: nil) }
        self.unwritten += 1
        var frame = context.channel.allocator.buffer(capacity: 17)
        frame.writeBytes([0, 0, 8, 6, 1, 0, 0, 0, 0])
        frame.writeInteger(payload)
        context.writeAndFlush(self.wrapOutboundOut(frame)).assumeIsolated().whenComplete { _ in
            self.unwritten -= 1
        }
    }
}
