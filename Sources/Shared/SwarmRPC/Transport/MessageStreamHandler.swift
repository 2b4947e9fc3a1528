import GRPCCore
internal import NIOCore
import NIOHPACK
import NIOHTTP2

/// The one call of a connection, above NIO's HTTP/2 handler (gRPC over HTTP/2; RFC 9113).
final class MessageStreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// The first stream of a client (RFC 9113 §5.1.1).
    private static let streamID = HTTP2StreamID(1)
    /// The window of a stream and of a connection, as nothing else was agreed on (RFC 9113 §6.9.2).
    private static let windowBytes = 65_535

    /// Succeeds when the call is taken, and fails when it never will be.
    let accepted: EventLoopPromise<Void>
    /// Succeeds or fails as the call does.
    let ended: EventLoopPromise<Void>

    private let head: HPACKHeaders
    private let receive: (ByteBuffer) -> Void
    private var decoder = MessageDecoder(limit: MessageStream.messageBytes)
    /// Bytes that came since the windows were opened last.
    private var used = 0
    private var isOpen = false
    private var isAccepted = false
    private var isOver = false
    private var context: ChannelHandlerContext?

    init(_ head: HPACKHeaders, on loop: any EventLoop, receive: @escaping (ByteBuffer) -> Void) {
        self.head = head
        self.receive = receive
        self.accepted = loop.makePromise()
        self.ended = loop.makePromise()
    }

    deinit { self.end(.failure(Self.closed)) }

    /// What begins a call of `method`.
    static func head(_ method: MethodDescriptor, to name: ServerName, _ metadata: Metadata) -> HPACKHeaders {
        var head: HPACKHeaders = [
            ":method": "POST", ":scheme": "https", ":path": "/\(method.fullyQualifiedMethod)",
            ":authority": name.rawValue, "te": "trailers", "content-type": "application/grpc",
        ]
        for (key, value) in metadata {
            if case .string(let text) = value { head.add(name: key, value: text) }
        }
        return head
    }

    private static let closed = RPCError(code: .unavailable, message: "the connection was closed")

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { self.open(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        self.open(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(.failure(Self.closed))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.end(.failure(RPCError(code: .unavailable, message: "the connection failed", cause: error)))
        context.close(promise: nil)
    }

    private func open(_ context: ChannelHandlerContext) {
        guard !self.isOpen else { return }
        self.isOpen = true
        self.write(.headers(.init(headers: self.head)), context)
        context.flush()
    }

    private func write(
        _ payload: HTTP2Frame.FramePayload,
        on id: HTTP2StreamID = MessageStreamHandler.streamID,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>? = nil
    ) {
        context.write(self.wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: promise)
    }

    // MARK: What is sent

    /// Sends a message that has its length in front.
    func send(_ message: ByteBuffer, taken: @escaping @Sendable () -> Void) {
        guard let context, !self.isOver else { return taken() }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in taken() }
        self.write(.data(.init(data: .byteBuffer(message))), context, promise)
        context.flush()
    }

    // MARK: What arrives

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = self.unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let payload): self.take(payload.headers, isLast: payload.endStream)
        case .data(let payload):
            guard case .byteBuffer(let bytes) = payload.data else { return }
            self.take(bytes, context)
        case .rstStream(let code): self.end(.failure(Self.broken("it reset the call: \(code)")))
        case .goAway(_, let code, _): self.end(.failure(Self.broken("it goes away: \(code)")))
        default: break
        }
    }

    private static func broken(_ reason: String) -> RPCError {
        RPCError(code: .unavailable, message: "the server ended the connection: \(reason)")
    }

    private func take(_ headers: HPACKHeaders, isLast: Bool) {
        if !self.isAccepted, let status = headers.first(name: ":status"), status != "200" {
            return self.end(.failure(Self.broken("HTTP status \(status)")))
        }
        guard isLast || headers.contains(name: "grpc-status") else {
            self.isAccepted = true
            return self.accepted.succeed()
        }
        self.end(Self.ending(headers))
    }

    /// What trailers say.
    private static func ending(_ trailers: HPACKHeaders) -> Result<Void, RPCError> {
        let number = trailers.first(name: "grpc-status").flatMap(Int.init)
        guard let status = number.flatMap(Status.Code.init) else {
            return .failure(Self.broken("it gave no status"))
        }
        guard let code = RPCError.Code(status) else { return .success(()) }
        let message = trailers.first(name: "grpc-message").map(Self.text) ?? ""
        return .failure(RPCError(code: code, message: message))
    }

    /// The text of a message in which bytes that are not printable are percent-encoded.
    private static func text(_ message: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(message.utf8)[...])
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        self.giveBack(bytes.readableBytes, context)
        do throws(RPCError) {
            for message in try self.decoder.receive(bytes).messages where !self.isOver {
                self.receive(message.bytes)
            }
        } catch {
            self.end(.failure(error))
            context.close(promise: nil)
        }
    }

    /// Opens the windows again when half of them is used up.
    private func giveBack(_ bytes: Int, _ context: ChannelHandlerContext) {
        self.used += bytes
        guard self.used * 2 >= Self.windowBytes else { return }
        for id in [HTTP2StreamID.rootStream, Self.streamID] {
            self.write(.windowUpdate(windowSizeIncrement: self.used), on: id, context)
        }
        context.flush()
        self.used = 0
    }

    private func end(_ result: Result<Void, RPCError>) {
        guard !self.isOver else { return }
        self.isOver = true
        let failed = result.mapError { $0 as any Error }
        if !self.isAccepted {
            // A call that ended well without an answer was not taken either.
            self.accepted.completeWith(failed.flatMap { .failure(Self.closed) })
        }
        self.ended.completeWith(failed)
    }
}
