import GRPCCore
import Logging
import NIOCore
import NIOHPACK
import NIOHTTP2
import SwarmRPC

/// A connection's calls, above NIO's HTTP/2 handler.
///
/// Streams are entries of a table here and not channels of their own: a channel, its pipeline and its two queues
/// cost more than what most calls do (docs/decisions/0008). Frames that the handlers of one turn of the loop
/// write leave in one flush.
final class CallConnection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let methods: [String: MethodDescriptor]
    private let limits: ServingLimits
    private let log: Logger
    private let caller: any Sendable
    /// Begins a call; false when there are too many.
    private let begin: (Call) -> Bool
    private var context: ChannelHandlerContext?
    private var ends: CallEnds?
    private var streams: [HTTP2StreamID: CallStream] = [:]
    private var isReading = false
    private var isFlushPlanned = false
    private var lastStreamID = HTTP2StreamID.rootStream
    private var sweep: (at: NIODeadline, timer: Scheduled<Void>)?
    private var farewell = Farewell.none
    private var keepalive: RepeatedTask?
    private var isAlive = true

    /// How far the connection's own end has come.
    private enum Farewell { case none, announced, sent }

    init(
        methods: [String: MethodDescriptor],
        limits: ServingLimits,
        log: Logger,
        caller: any Sendable,
        begin: @escaping (Call) -> Bool
    ) {
        self.caller = caller
        self.methods = methods
        self.limits = limits
        self.log = log
        self.begin = begin
    }

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
        let streams = self.streams
        self.streams = [:]
        self.sweep?.timer.cancel()
        self.keepalive?.cancel()
        for stream in streams.values { stream.call.fail(Self.gone) }
        context.fireChannelInactive()
    }

    private static let gone = RPCError(code: .cancelled, message: "the caller went away")

    private func open(_ context: ChannelHandlerContext) {
        guard self.ends == nil else { return }
        self.ends = CallEnds(of: context.channel, caller: self.caller)
        // The window of a connection is 65,535 bytes at first (RFC 9113 §6.9.2).
        self.write(.windowUpdate(windowSizeIncrement: self.limits.windowBytes - 65_535), on: .rootStream)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let pause = TimeAmount(self.limits.keepalive)
        self.keepalive = context.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            bound.value.look()
        }
    }

    /// Asks a silent peer for a sign of life, and cuts off one that gave none since the last look.
    private func look() {
        guard self.isAlive else { return self.cut("the peer is silent") }
        self.isAlive = false
        self.write(.ping(HTTP2PingData(withInteger: 0), ack: false), on: .rootStream)
    }

    private func cut(_ reason: String) {
        self.log.debug(
            "cut a connection",
            metadata: ["peer": "\(self.ends?.remote ?? "")", "reason": "\(reason)"]
        )
        self.context?.close(promise: nil)
    }

    // MARK: Frames

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.isReading = true
        self.isAlive = true
        let frame = self.unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let payload): self.receive(payload.headers, payload.endStream, on: frame.streamID)
        case .data(let payload): self.receive(payload, on: frame.streamID)
        case .ping(_, ack: true): if self.farewell == .announced { self.sayFarewell() }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.isReading = false
        if self.isFlushPlanned { self.flush() }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let change as NIOHTTP2WindowUpdatedEvent:
            if change.streamID == .rootStream { self.widen(change.inboundWindowSize) }
        case let closed as StreamClosedEvent:
            guard let stream = self.streams.removeValue(forKey: closed.streamID) else { return }
            if !stream.isAnswered || closed.reason != nil { stream.call.fail(Self.gone) }
            self.endIfDone()
        default: break
        }
    }

    /// Opens the connection's window again when half of it is used up, also by what came for streams that ended.
    private func widen(_ left: Int?) {
        guard let left, left <= self.limits.windowBytes / 2 else { return }
        self.write(.windowUpdate(windowSizeIncrement: self.limits.windowBytes - left), on: .rootStream)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOHTTP2Errors.StreamError {
            return self.reset(error.streamID, .protocolError)
        }
        self.cut("\(error)")
    }

    private func receive(_ headers: HPACKHeaders, _ isLast: Bool, on id: HTTP2StreamID) {
        // Trailers of a request say nothing but that it ends.
        if let stream = self.streams[id] { return self.deliver([], isLast, on: stream) }
        guard let context, let ends else { return }
        self.lastStreamID = max(self.lastStreamID, id)
        let head: RequestHead
        do {
            head = try RequestHead(headers, methods: self.methods)
        } catch {
            return self.end(ResponseHeaders.refusal(error), isLast, on: id)
        }
        let call = Call(id, head, on: self, loop: context.eventLoop, ends: ends)
        guard self.begin(call) else { return self.reset(id, .refusedStream) }
        let stream = CallStream(call, limits: self.limits)
        self.streams[id] = stream
        if let deadline = stream.deadline { self.planSweep(deadline) }
        if isLast { self.deliver([], true, on: stream) }
    }

    private func receive(_ payload: HTTP2Frame.FramePayload.Data, on id: HTTP2StreamID) {
        guard let stream = self.streams[id], case .byteBuffer(let bytes) = payload.data else { return }
        do {
            let (messages, released) = try stream.decoder.receive(bytes)
            self.giveBack(released + (payload.paddingBytes.map { $0 + 1 } ?? 0), on: stream)
            self.deliver(messages, payload.endStream, on: stream)
        } catch {
            self.streams[id] = nil
            let refusal = RequestHead.Refusal.call(Status.Code(error.code), error.message)
            self.end(ResponseHeaders.refusal(refusal), payload.endStream, on: id)
            stream.call.fail(error)
        }
    }

    private func deliver(_ messages: [MessageDecoder.Message], _ isLast: Bool, on stream: CallStream) {
        if isLast { stream.isHalfClosed = true }
        stream.call.receive(messages, isLast: isLast)
    }

    // MARK: Answers

    /// Sends a part of the answer to `call`; tells it when the socket took it, if there is a `mark`.
    func send(_ part: RPCResponsePart<MessageBytes>, of call: Call, mark: Int?) {
        guard let stream = self.stream(of: call), !stream.isAnswered else { return }
        switch part {
        case .metadata(let metadata):
            stream.hasHead = true
            self.write(.headers(.init(headers: ResponseHeaders.head(metadata))), on: stream.id)
        case .message(let message):
            let frame = HTTP2Frame.FramePayload.Data(data: .byteBuffer(message.framed()))
            self.write(.data(frame), on: stream.id, self.promise(mark, call))
        case .status(let status, let metadata):
            stream.isAnswered = true
            let trailers = ResponseHeaders.end(status, metadata, isWhole: !stream.hasHead)
            self.end(trailers, stream.isHalfClosed, on: stream.id)
        }
    }

    /// Opens the window of a call whose handler consumed `bytes`.
    func release(_ bytes: Int, of call: Call) {
        if let stream = self.stream(of: call) { self.giveBack(bytes, on: stream) }
    }

    /// Ends the stream of a call whose handler returned without an answer.
    func close(_ call: Call) {
        guard let stream = self.stream(of: call), !stream.isAnswered else { return }
        self.reset(stream.id, .internalError)
    }

    /// The stream of `call`, while it is open.
    private func stream(of call: Call) -> CallStream? {
        guard let stream = self.streams[call.streamID], stream.call === call else { return nil }
        return stream
    }

    private func promise(_ mark: Int?, _ call: Call) -> EventLoopPromise<Void>? {
        guard let mark, let context else { return nil }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in call.sent(mark) }
        return promise
    }

    private func giveBack(_ bytes: Int, on stream: CallStream) {
        guard bytes > 0, !stream.isHalfClosed, let increment = stream.window.giveBack(bytes) else { return }
        self.write(.windowUpdate(windowSizeIncrement: increment), on: stream.id)
    }

    /// Sends the last frame of a stream, and what a peer needs that has not said all.
    private func end(_ trailers: HPACKHeaders, _ isHalfClosed: Bool, on id: HTTP2StreamID) {
        self.write(.headers(.init(headers: trailers, endStream: true)), on: id)
        if !isHalfClosed { self.reset(id, .noError) }
    }

    private func reset(_ id: HTTP2StreamID, _ code: HTTP2ErrorCode) { self.write(.rstStream(code), on: id) }

    private func write(
        _ payload: HTTP2Frame.FramePayload,
        on id: HTTP2StreamID,
        _ promise: EventLoopPromise<Void>? = nil
    ) {
        guard let context else {
            promise?.fail(ChannelError.alreadyClosed)
            return
        }
        context.write(self.wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: promise)
        guard !self.isFlushPlanned else { return }
        self.isFlushPlanned = true
        if self.isReading { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.flush() }
    }

    private func flush() {
        guard self.isFlushPlanned else { return }
        self.isFlushPlanned = false
        self.context?.flush()
    }

    // MARK: Deadlines

    /// One timer serves all calls: callers that wait equally long pass theirs in the order of their calls.
    private func planSweep(_ deadline: NIODeadline) {
        if let sweep, sweep.at <= deadline { return }
        self.sweep?.timer.cancel()
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let timer = context.eventLoop.scheduleTask(deadline: deadline) { bound.value.expire() }
        self.sweep = (deadline, timer)
    }

    private func expire() {
        self.sweep = nil
        let now = NIODeadline.now()
        var next: NIODeadline?
        for stream in self.streams.values where !stream.isExpired {
            guard let deadline = stream.deadline else { continue }
            if deadline <= now {
                stream.isExpired = true
                stream.call.expire()
            } else {
                next = min(next ?? deadline, deadline)
            }
        }
        // Not more than a hundred looks a second, however many deadlines there are.
        if let next { self.planSweep(max(next, now + .milliseconds(10))) }
    }

    // MARK: The end

    /// Lets the calls that there are end, and takes no others; then closes.
    func beginGracefulShutdown() {
        guard self.farewell == .none else { return }
        self.farewell = .announced
        // Two steps, as a call may be on its way: the peer's answer to the PING comes after it (RFC 9113 §6.8).
        self.goAway(.maxID)
        self.write(.ping(HTTP2PingData(withInteger: 1), ack: false), on: .rootStream)
    }

    private func sayFarewell() {
        self.farewell = .sent
        self.goAway(self.lastStreamID)
        self.endIfDone()
    }

    private func goAway(_ last: HTTP2StreamID) {
        self.write(.goAway(lastStreamID: last, errorCode: .noError, opaqueData: nil), on: .rootStream)
    }

    private func endIfDone() {
        guard self.farewell == .sent, self.streams.isEmpty, let context else { return }
        // The last frame of the last stream may not be written yet.
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute {
            bound.value.context?.flush()
            bound.value.context?.close(promise: nil)
        }
    }
}
