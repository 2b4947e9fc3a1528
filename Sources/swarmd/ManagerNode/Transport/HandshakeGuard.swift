import NIOCore

/// Closes a connection that does not show in time who is at its other end; the first handler of its pipeline, so that
/// nothing stands between it and the socket.
final class HandshakeGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let pass: ConnectionGate.Pass
    private let limit: Duration
    private let onLate: () -> Void
    private var timer: Scheduled<Void>?

    init(_ pass: ConnectionGate.Pass, within limit: Duration, onLate: @escaping () -> Void) {
        self.pass = pass
        self.limit = limit
        self.onLate = onLate
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.timer = context.eventLoop.scheduleTask(in: TimeAmount(self.limit)) {
            let (guardian, context) = bound.value
            guard guardian.pass.refuse() else { return }
            guardian.onLate()
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        context.fireChannelInactive()
    }
}
