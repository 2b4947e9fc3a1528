/// The frames of HTTP/2 that a loader sends and gets (RFC 9113 §4.1, §6).
struct HTTP2Frame {
    /// What a frame is for.
    enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case priority = 2
        case resetStream = 3
        case settings = 4
        case pushPromise = 5
        case ping = 6
        case goAway = 7
        case windowUpdate = 8
        case continuation = 9
    }

    static let headBytes = 9
    static let endStream: UInt8 = 0x1
    static let acknowledgement: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
    static let padded: UInt8 = 0x8
    static let priority: UInt8 = 0x20

    /// What a client says first (§3.4).
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Nil for a kind that one may ignore (§4.1).
    let kind: Kind?
    let flags: UInt8
    let stream: UInt32
    let payload: ArraySlice<UInt8>

    /// The frame that begins `bytes`; nil while it is not whole.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.headBytes else { return nil }
        let head = bytes.startIndex
        let length = Int(bytes[head]) << 16 | Int(bytes[head + 1]) << 8 | Int(bytes[head + 2])
        guard bytes.count >= Self.headBytes + length else { return nil }
        self.kind = Kind(rawValue: bytes[head + 3])
        self.flags = bytes[head + 4]
        self.stream = Self.number(bytes[(head + 5)...]) & 0x7fff_ffff
        self.payload = bytes[(head + Self.headBytes)..<(head + Self.headBytes + length)]
    }

    /// The bytes that the frame takes.
    var size: Int { Self.headBytes + self.payload.count }

    /// Whether the flag is set.
    func has(_ flag: UInt8) -> Bool { self.flags & flag != 0 }

    /// The payload without padding and priority.
    var content: ArraySlice<UInt8> {
        var content = self.payload
        if self.has(Self.padded), let padding = content.popFirst() {
            content = content.dropLast(Int(padding))
        }
        return self.kind == .headers && self.has(Self.priority) ? content.dropFirst(5) : content
    }

    /// The first four bytes as a number.
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Adds a frame to `output`.
    static func append(
        _ kind: Kind,
        flags: UInt8 = 0,
        stream: UInt32 = 0,
        _ payload: some Collection<UInt8>,
        to output: inout [UInt8]
    ) {
        let length = payload.count
        output += Self.bytes(UInt32(length)).dropFirst()
        output += [kind.rawValue, flags]
        output += Self.bytes(stream)
        output += payload
    }

    /// A number as four bytes.
    static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
