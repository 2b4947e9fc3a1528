import NIOCore

/// Looks at the first byte of a connection: a TLS record of type handshake, or plain HTTP/2.
///
/// One socket serves both (architecture D11). Nothing may be written before that: a server of HTTP/2 speaks first,
/// and a client of TLS would not understand it.
final class ProtocolDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What a connection's first byte shows.
    enum Kind: Equatable {
        case tls
        case http2

        /// RFC 8446 §5.1: a ClientHello comes in a record of content type 22.
        init(firstByte: UInt8) { self = firstByte == 22 ? .tls : .http2 }
    }

    /// What came before the handlers were there.
    private var waiting: [ByteBuffer] = []
    private var isDetected = false
    private let detected: (Kind) -> EventLoopFuture<Void>

    /// `detected` puts the handlers for what it is behind this one; if it fails the connection is closed.
    init(_ detected: @escaping (Kind) -> EventLoopFuture<Void>) { self.detected = detected }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        self.waiting.append(bytes)
        guard !self.isDetected, let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else {
            return
        }
        self.isDetected = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.detected(Kind(firstByte: first)).whenComplete { result in
            let (detector, context) = bound.value
            switch result {
            case .success: detector.pass(context)
            case .failure: context.close(promise: nil)
            }
        }
    }

    private func pass(_ context: ChannelHandlerContext) {
        let waiting = self.waiting
        self.waiting = []
        for bytes in waiting { context.fireChannelRead(self.wrapInboundOut(bytes)) }
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
