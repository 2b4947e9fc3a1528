/// Reads the fields of a protobuf message one after the other (protobuf.dev, "Encoding").
///
/// It looks at memory that somebody else holds, and must not outlive that.
struct FieldReader {
    /// The bytes are no message.
    struct Malformed: Error {}

    /// What a field holds.
    enum Value {
        case number(UInt64)
        case bytes(UnsafeRawBufferPointer)
        /// Numbers of a fixed size, which our messages have none of.
        case fixed
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next field; nil behind the last one.
    mutating func next() throws(Malformed) -> (field: UInt64, value: Value)? {
        guard self.position < self.bytes.count else { return nil }
        let tag = try self.varint()
        guard tag >> 3 > 0 else { throw Malformed() }
        switch tag & 7 {
        case 0: return (tag >> 3, .number(try self.varint()))
        case 1: return (tag >> 3, try self.skip(8))
        case 2:
            let length = try self.varint()
            guard length <= UInt64(self.bytes.count - self.position) else { throw Malformed() }
            return (tag >> 3, .bytes(self.take(Int(length))))
        case 5: return (tag >> 3, try self.skip(4))
        default: throw Malformed()
        }
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        defer { self.position += count }
        return UnsafeRawBufferPointer(rebasing: self.bytes[self.position..<self.position + count])
    }

    private mutating func skip(_ count: Int) throws(Malformed) -> Value {
        guard count <= self.bytes.count - self.position else { throw Malformed() }
        self.position += count
        return .fixed
    }

    /// Groups of seven bits, the lowest first; no more than ten of them.
    private mutating func varint() throws(Malformed) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard self.position < self.bytes.count else { throw Malformed() }
            let byte = self.bytes[self.position]
            self.position += 1
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return number }
        }
        throw Malformed()
    }
}
