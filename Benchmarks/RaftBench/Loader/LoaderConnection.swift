import Glibc
import LinuxSystem
import NIOCore
import NIOHPACK

/// A connection for unary calls of gRPC that costs next to nothing: the members are measured, not the client.
///
/// One thread owns it. Calls collect until ``flush()`` sends them; ``receive()`` tells how they ended. Grpc-swift's
/// client takes 150 to 400 µs a call of the two cores that the members need too.
final class LoaderConnection {
    /// What ends a connection.
    enum Failure: Error {
        case closed
        case misbehaved(String)
    }

    /// How a call ended: nil is success.
    struct Ending {
        /// Who began it.
        let caller: Int
        let failure: String?
    }

    private let socket: Descriptor
    private let headers: HPACKHeaders
    private var encoder = HPACKEncoder(allocator: ByteBufferAllocator())
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
    private var nextStream: UInt32 = 1
    private var output = HTTP2Frame.preface
    /// Calls that the peer's window has no room for yet.
    private var waiting: [(stream: UInt32, message: [UInt8])] = []
    private var input: [UInt8] = []
    /// The calls under way, and those of them that have an answer.
    private var callers: [UInt32: Int] = [:]
    private var answered: Set<UInt32> = []
    /// What may still be sent on the connection (§5.2), and what the peer allows each stream.
    private var window = 65_535
    private var streamWindow = 65_535
    /// Bytes that arrived and that the peer has not been told to be consumed.
    private var unacknowledged = 0

    /// Connects to `endpoint`; calls go to the method `path`, and say that they take no longer than `limit`.
    init(_ endpoint: Endpoint, path: String, limit: Duration) throws {
        self.headers = HPACKHeaders([
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("grpc-timeout", "\(limit.components.seconds)S"), ("content-type", "application/grpc"),
            ("te", "trailers"),
        ])
        self.socket = try endpoint.connect()
        HTTP2Frame.append(.settings, [], to: &self.output)
        try self.flush()
    }

    /// What to wait for.
    var pollable: pollfd { pollfd(fd: self.socket.raw, events: Int16(POLLIN), revents: 0) }

    /// Begins a call with this request; returns its stream.
    func call(_ request: [UInt8], by caller: Int) throws -> UInt32 {
        let stream = self.nextStream
        self.nextStream += 2
        self.callers[stream] = caller
        let length = HTTP2Frame.bytes(UInt32(request.count))
        self.waiting.append((stream, [0] + length + request))
        try self.sendWaiting()
        return stream
    }

    /// Gives up a call.
    func cancel(_ stream: UInt32) {
        self.waiting.removeAll { $0.stream == stream }
        self.callers[stream] = nil
        HTTP2Frame.append(.resetStream, stream: stream, HTTP2Frame.bytes(8), to: &self.output)
    }

    /// Sends what has collected.
    func flush() throws {
        guard !self.output.isEmpty else { return }
        try self.socket.write(self.output)
        self.output.removeAll(keepingCapacity: true)
    }

    private func sendWaiting() throws {
        var sent = 0
        for (stream, message) in self.waiting {
            guard message.count <= self.window, message.count <= self.streamWindow else { break }
            var block = ByteBuffer()
            try self.encoder.encode(headers: self.headers, to: &block)
            HTTP2Frame.append(
                .headers,
                flags: HTTP2Frame.endHeaders,
                stream: stream,
                block.readableBytesView,
                to: &self.output
            )
            HTTP2Frame.append(.data, flags: HTTP2Frame.endStream, stream: stream, message, to: &self.output)
            self.window -= message.count
            sent += 1
        }
        self.waiting.removeFirst(sent)
    }
}

// MARK: - What arrives

extension LoaderConnection {
    /// Reads what is there, and returns the calls that ended.
    func receive() throws -> [Ending] {
        guard let bytes = try self.socket.read(atMost: 65_536) else { return [] }
        guard !bytes.isEmpty else { throw Failure.closed }
        self.input += bytes
        var rest = self.input[...]
        var endings: [Ending] = []
        while let frame = HTTP2Frame(rest) {
            rest = rest.dropFirst(frame.size)
            if let ending = try self.take(frame) { endings.append(ending) }
        }
        self.input.removeFirst(self.input.count - rest.count)
        return endings
    }

    private func take(_ frame: HTTP2Frame) throws -> Ending? {
        switch frame.kind {
        case .data: self.takeData(frame)
        case .headers: return try self.takeHeaders(frame)
        case .resetStream:
            return self.end(frame.stream, "reset: \(HTTP2Frame.number(frame.payload))")
        case .settings: try self.takeSettings(frame)
        case .ping where !frame.has(HTTP2Frame.acknowledgement):
            HTTP2Frame.append(.ping, flags: HTTP2Frame.acknowledgement, frame.payload, to: &self.output)
        case .windowUpdate where frame.stream == 0:
            self.window += Int(HTTP2Frame.number(frame.payload))
            try self.sendWaiting()
        case .goAway:
            let why = String(decoding: frame.payload.dropFirst(8), as: UTF8.self)
            throw Failure.misbehaved("goes away: \(why)")
        case .pushPromise, .continuation: throw Failure.misbehaved("sends a frame that no loader expects")
        case .ping, .windowUpdate, .priority, nil: break
        }
        return nil
    }

    private func takeData(_ frame: HTTP2Frame) {
        if !frame.content.isEmpty { self.answered.insert(frame.stream) }
        self.unacknowledged += frame.payload.count
        guard self.unacknowledged > 16_384 else { return }
        let bytes = HTTP2Frame.bytes(UInt32(self.unacknowledged))
        HTTP2Frame.append(.windowUpdate, bytes, to: &self.output)
        self.unacknowledged = 0
    }

    private func takeHeaders(_ frame: HTTP2Frame) throws -> Ending? {
        guard frame.has(HTTP2Frame.endHeaders) else { throw Failure.misbehaved("splits headers") }
        var block = ByteBuffer(bytes: frame.content)
        let headers = try self.decoder.decodeHeaders(from: &block)
        guard frame.has(HTTP2Frame.endStream) else { return nil }
        let isAnswered = self.answered.remove(frame.stream) != nil
        let status = headers["grpc-status"].first ?? "none"
        if status == "0", isAnswered { return self.end(frame.stream, nil) }
        let message = headers["grpc-message"].first ?? "no message"
        return self.end(frame.stream, "status \(status): \(message)")
    }

    /// A call has ended; nil if nobody waits for it any more.
    private func end(_ stream: UInt32, _ failure: String?) -> Ending? {
        self.callers.removeValue(forKey: stream).map { Ending(caller: $0, failure: failure) }
    }

    private func takeSettings(_ frame: HTTP2Frame) throws {
        guard !frame.has(HTTP2Frame.acknowledgement) else { return }
        var rest = frame.payload
        while rest.count >= 6 {
            let value = Int(HTTP2Frame.number(rest.dropFirst(2)))
            // Only what limits a loader counts: table size and initial window.
            switch rest.prefix(2).last {
            case 1: try self.encoder.setDynamicTableSize(min(value, 4_096))
            case 4: self.streamWindow = value
            default: break
            }
            rest = rest.dropFirst(6)
        }
        HTTP2Frame.append(.settings, flags: HTTP2Frame.acknowledgement, [], to: &self.output)
        try self.sendWaiting()
    }
}
