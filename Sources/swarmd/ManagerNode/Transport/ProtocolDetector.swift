import Logging
import NIOCore

/// Looks at the first byte of a connection: a TLS record of type handshake, or plain HTTP/2.
///
/// One socket serves both (architecture D11). As long as there are no certificates a TLS client is turned
/// away at once, rather than left to wait for an answer that cannot come.
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

    private let log: Logger
    private var isRefused = false

    init(log: Logger) { self.log = log }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        guard !self.isRefused, let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else {
            return
        }
        switch Kind(firstByte: first) {
        case .http2:
            context.fireChannelRead(self.wrapInboundOut(bytes))
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        case .tls:
            self.isRefused = true
            self.log.warning(
                "closed a TLS connection: no certificates yet",
                metadata: ["peer": "\(context.remoteAddress.map { "\($0)" } ?? "local")"]
            )
            context.close(promise: nil)
        }
    }
}
