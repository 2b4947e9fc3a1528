import NIOCore
import NIOTLS

/// Waits behind TLS for the end of the handshake, and then has the connection prepared for calls.
final class HandshakeEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Takes in how it ended, and returns the preparation, or nil if there is to be none; nil once it was called.
    private var ended: ((Result<Void, any Error>) -> EventLoopFuture<Void>?)?

    init(_ ended: @escaping (Result<Void, any Error>) -> EventLoopFuture<Void>?) { self.ended = ended }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event, let ended = self.ended.take() {
            guard let prepared = ended(.success(())) else { return context.close(promise: nil) }
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            prepared.whenFailure { _ in bound.value.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let ended = self.ended.take() else { return context.fireErrorCaught(error) }
        _ = ended(.failure(error))
        context.close(promise: nil)
    }
}
