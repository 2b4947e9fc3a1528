import GRPCCore
import NIOCore
import NIOHTTP2
import SwarmRPC
import Synchronization

/// One call: what arrives for its handler, and what the handler answers.
///
/// The connection fills it on its event loop; the handler runs on the same thread or on another one. What the peer
/// may send is bounded by the stream's window, which opens as the handler takes messages; what waits to be sent is
/// bounded by `unsentBytes`, beyond which the handler waits.
final class Call: Sendable {
    typealias Part = RPCRequestPart<MessageBytes>

    /// A handler whose answers fill this many bytes waits until the peer took some of them.
    static let unsentBytes = 65_536
    /// How many bytes are sent between two looks at whether the peer takes them.
    static let markedBytes = 16_384

    private struct State {
        var parts = CircularBuffer<(part: Part, held: Int)>(initialCapacity: 2)
        /// How the requests end: `success` is the peer's own end.
        var end: Result<Void, RPCError>?
        /// Takes requests instead of `parts`.
        var receive: (@Sendable (ByteBuffer) throws -> Void)?
        var cancellation: ServerContext.RPCCancellationHandle?
        var isCancelled = false
        /// Bytes that were given to the connection and not yet to the socket, and those since the last mark.
        var unsent = 0
        var unmarked = 0
        var isClosed = false
        /// The handler, while it waits for a request, and its tasks that wait to answer.
        var reader: CheckedContinuation<Void, Never>?
        var writers: [CheckedContinuation<Void, Never>] = []

        /// Whether whoever waits at `side` may go on.
        func isReady(_ side: Side) -> Bool {
            switch side {
            case .reading: !self.parts.isEmpty || self.end != nil
            case .writing: self.unsent < Call.unsentBytes || self.isClosed
            }
        }

        /// Who waits at `side`, to be resumed.
        mutating func takeWaiters(_ side: Side) -> [CheckedContinuation<Void, Never>] {
            switch side {
            case .reading: return self.reader.take().map { [$0] } ?? []
            case .writing:
                defer { self.writers = [] }
                return self.writers
            }
        }
    }

    /// What a handler waits for.
    private enum Side { case reading, writing }

    /// The stream of the connection.
    let streamID: HTTP2StreamID
    /// What is called.
    let head: RequestHead
    /// The connection, of use on `loop` only.
    let connection: NIOLoopBound<CallConnection>
    /// The connection's loop.
    let loop: any EventLoop
    /// Who calls whom.
    let ends: CallEnds
    private let state: Mutex<State>

    /// A call on a stream of `connection`, whose loop is `loop`.
    init(
        _ streamID: HTTP2StreamID,
        _ head: RequestHead,
        on connection: CallConnection,
        loop: any EventLoop,
        ends: CallEnds
    ) {
        self.streamID = streamID
        self.head = head
        self.connection = NIOLoopBound(connection, eventLoop: loop)
        self.loop = loop
        self.ends = ends
        var state = State()
        state.parts.append((.metadata(head.metadata), 0))
        self.state = Mutex(state)
    }

    // MARK: What the connection says

    /// Takes in messages, and the end of the requests if `isLast`.
    func receive(_ messages: [MessageDecoder.Message], isLast: Bool) {
        let receive = self.state.withLock { $0.receive }
        if let receive {
            for message in messages { self.hand(message.bytes, held: message.held, to: receive) }
        }
        let reader = self.state.withLock { state in
            if receive == nil {
                for message in messages {
                    state.parts.append((.message(MessageBytes(received: message.bytes)), message.held))
                }
            }
            if isLast, state.end == nil { state.end = .success(()) }
            return state.isReady(.reading) ? state.reader.take() : nil
        }
        reader?.resume()
    }

    /// Hands requests to `receive` from now on, those that wait among them; on the loop only.
    func divert(to receive: @escaping @Sendable (ByteBuffer) throws -> Void) {
        let parts = self.state.withLock { state in
            state.receive = receive
            defer { state.parts.removeAll() }
            return state.parts
        }
        for (part, held) in parts {
            guard case .message(let message) = part else { continue }
            self.hand(message.received, held: held, to: receive)
        }
    }

    private func hand(_ bytes: ByteBuffer, held: Int, to receive: (ByteBuffer) throws -> Void) {
        do {
            try receive(bytes)
            self.release(held)
        } catch {
            let error =
                error as? RPCError ?? RPCError(code: .unknown, message: "a request failed", cause: error)
            let reader = self.state.withLock { state in
                state.receive = { _ in }
                // The peer may have said all already.
                if case .failure = state.end {} else { state.end = .failure(error) }
                return state.reader.take()
            }
            reader?.resume()
        }
    }

    /// Ends the call for its handler: nobody hears an answer any more.
    func fail(_ error: RPCError) {
        let (waiters, cancellation) = self.state.withLock { state in
            if state.end == nil { state.end = .failure(error) }
            state.isClosed = true
            state.isCancelled = true
            return (state.takeWaiters(.reading) + state.takeWaiters(.writing), state.cancellation)
        }
        cancellation?.cancel()
        for waiter in waiters { waiter.resume() }
    }

    /// Tells the handler that the caller waits no longer; it may still answer.
    func expire() {
        let cancellation = self.state.withLock { state in
            state.isCancelled = true
            return state.cancellation
        }
        cancellation?.cancel()
    }

    /// Notes that `bytes` went to the socket.
    func sent(_ bytes: Int) {
        let writers = self.state.withLock { state in
            state.unsent -= bytes
            return state.unsent < Self.unsentBytes ? state.takeWaiters(.writing) : []
        }
        for writer in writers { writer.resume() }
    }

    // MARK: What the handler does

    /// Cancels `handle` when the caller goes away or its time is over.
    func cancels(_ handle: ServerContext.RPCCancellationHandle) {
        let isCancelled = self.state.withLock { state in
            state.cancellation = handle
            return state.isCancelled
        }
        if isCancelled { handle.cancel() }
    }

    /// The next part of the request; nil at its end.
    ///
    /// Throws when the call was broken off, or the task cancelled.
    func next() async throws(RPCError) -> Part? {
        while true {
            let (next, end) = self.state.withLock { state in (state.parts.popFirst(), state.end) }
            if let next {
                if next.held > 0 { self.release(next.held) }
                return next.part
            }
            switch end {
            case .success: return nil
            case .failure(let error): throw error
            case nil: break
            }
            if Task.isCancelled { throw RPCError(code: .cancelled, message: "the server stops") }
            await self.wait(.reading)
        }
    }

    private func release(_ bytes: Int) {
        if self.loop.inEventLoop { return self.connection.value.release(bytes, of: self) }
        self.loop.execute { self.connection.value.release(bytes, of: self) }
    }

    /// Sends `part`, and waits while too much is unsent.
    ///
    /// Throws when nobody hears it.
    func write(_ part: RPCResponsePart<MessageBytes>) async throws(RPCError) {
        let size = if case .message(let bytes) = part { bytes.count } else { 0 }
        let mark = self.state.withLock { state -> Int?? in
            guard !state.isClosed else { return nil }
            // Who is cancelled does not wait, and may not go on for ever either.
            if state.unsent >= Self.unsentBytes, Task.isCancelled { return nil }
            state.unsent += size
            state.unmarked += size
            guard state.unmarked >= Self.markedBytes else { return .some(nil) }
            defer { state.unmarked = 0 }
            return state.unmarked
        }
        guard let mark else { throw RPCError(code: .cancelled, message: "the caller went away") }
        if self.loop.inEventLoop {
            self.connection.value.send(part, of: self, mark: mark)
        } else {
            self.loop.execute { self.connection.value.send(part, of: self, mark: mark) }
        }
        if mark != nil { await self.wait(.writing) }
    }

    /// Ends the stream after its handler, in whatever state that left it.
    func close() {
        if self.loop.inEventLoop { return self.connection.value.close(self) }
        self.loop.execute { self.connection.value.close(self) }
    }

    private func wait(_ side: Side) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = self.state.withLock { state in
                    if state.isReady(side) || Task.isCancelled { return true }
                    switch side {
                    case .reading:
                        precondition(state.reader == nil, "a call's requests have one reader")
                        state.reader = continuation
                    case .writing: state.writers.append(continuation)
                    }
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            for waiter in self.state.withLock({ $0.takeWaiters(side) }) { waiter.resume() }
        }
    }
}
