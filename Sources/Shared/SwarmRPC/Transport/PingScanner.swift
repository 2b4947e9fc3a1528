internal import NIOCore

/// Finds the PINGs in the bytes that a peer sends on an HTTP/2 connection.
///
/// It understands frame boundaries only (RFC 9113 §4.1): the preface, headers of nine bytes, payloads. What
/// is not a PING is passed on in slices of the buffer that it came in, without copying. An acknowledgement
/// is passed too: it answers a PING of our own.
struct PingScanner {
    /// What to do with the bytes, in order.
    enum Step: Equatable {
        case pass(ByteBuffer)
        /// A PING with this payload wants an answer.
        case answer(UInt64)
    }

    private enum State {
        /// So many bytes of the client's preface are still to pass.
        case preface(Int)
        case header
        /// So many bytes of a frame that is no PING are still to pass.
        case payload(Int)
        /// The eight bytes of a PING are next.
        case ping
    }

    private static let prefaceLength = 24
    private static let headerLength = 9
    private static let pingLength = 8
    private static let pingType: UInt8 = 6
    private static let acknowledged: UInt8 = 1

    private var state: State
    /// The beginning of a header or PING whose end has not arrived.
    private var pending = ByteBuffer()

    /// Only a client's bytes begin with a preface.
    init(peerIsClient: Bool) { self.state = .preface(peerIsClient ? Self.prefaceLength : 0) }

    /// Takes what was read.
    mutating func receive(_ read: ByteBuffer) -> [Step] {
        var input = self.join(read)
        var passage = Passage(input)
        while input.readableBytes > 0, self.advance(&input, &passage) {}
        passage.pass(upTo: input.readerIndex)
        self.pending = input
        return passage.steps
    }

    private mutating func join(_ read: ByteBuffer) -> ByteBuffer {
        guard self.pending.readableBytes > 0 else { return read }
        var joined = self.pending
        joined.writeImmutableBuffer(read)
        return joined
    }

    /// Takes one part of a frame; returns false if too few bytes are there.
    private mutating func advance(_ input: inout ByteBuffer, _ passage: inout Passage) -> Bool {
        switch self.state {
        case .preface(let left):
            let rest = Self.skip(left, of: &input)
            self.state = rest == 0 ? .header : .preface(rest)
            return true
        case .payload(let left):
            let rest = Self.skip(left, of: &input)
            self.state = rest == 0 ? .header : .payload(rest)
            return true
        case .header: return self.readHeader(&input, &passage)
        case .ping: return self.readPing(&input, &passage)
        }
    }

    private mutating func readHeader(_ input: inout ByteBuffer, _ passage: inout Passage) -> Bool {
        let start = input.readerIndex
        guard input.readableBytes >= Self.headerLength,
            let head = input.getInteger(at: start, as: UInt32.self),
            let flags = input.getInteger(at: start + 4, as: UInt8.self)
        else { return false }
        let length = Int(head >> 8)
        let isPing =
            UInt8(truncatingIfNeeded: head) == Self.pingType && flags & Self.acknowledged == 0
            && length == Self.pingLength
        if isPing { passage.pass(upTo: start) }
        input.moveReaderIndex(forwardBy: Self.headerLength)
        if isPing { passage.drop(upTo: input.readerIndex) }
        self.state = isPing ? .ping : .payload(length)
        return true
    }

    private mutating func readPing(_ input: inout ByteBuffer, _ passage: inout Passage) -> Bool {
        guard let payload = input.readInteger(as: UInt64.self) else { return false }
        passage.drop(upTo: input.readerIndex)
        passage.steps.append(.answer(payload))
        self.state = .header
        return true
    }

    /// Moves over at most `count` bytes; returns how many of them are not there yet.
    private static func skip(_ count: Int, of input: inout ByteBuffer) -> Int {
        let taken = min(count, input.readableBytes)
        input.moveReaderIndex(forwardBy: taken)
        return count - taken
    }

    /// The way of one buffer: what of it was passed on, what was dropped.
    private struct Passage {
        var steps: [Step] = []
        private let whole: ByteBuffer
        private var kept: Int

        init(_ whole: ByteBuffer) {
            self.whole = whole
            self.kept = whole.readerIndex
        }

        mutating func pass(upTo end: Int) {
            if end > self.kept, let slice = self.whole.getSlice(at: self.kept, length: end - self.kept) {
                self.steps.append(.pass(slice))
            }
            self.kept = end
        }

        mutating func drop(upTo end: Int) { self.kept = end }
    }
}
