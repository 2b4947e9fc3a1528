import NIOCore
import NIOHTTP2
import SwarmRPC

/// What a connection knows of a stream that is open on our side or the peer's; for the connection's loop only.
final class CallStream {
    let id: HTTP2StreamID
    let call: Call
    var decoder: MessageDecoder
    var window: ReceiveWindow
    /// When the caller's patience ends.
    let deadline: NIODeadline?
    /// Whether the handler was told that it has ended.
    var isExpired = false
    /// Whether the peer has said all, whether our head is out, and whether our end is.
    var isHalfClosed = false
    var hasHead = false
    var isAnswered = false

    /// The stream of `call`, which was just opened.
    init(_ call: Call, limits: ServingLimits) {
        self.id = call.streamID
        self.call = call
        self.decoder = MessageDecoder(limit: limits.requestBytes)
        self.window = ReceiveWindow(size: limits.windowBytes)
        self.deadline = call.head.timeout.map { .now() + TimeAmount($0) }
    }
}
