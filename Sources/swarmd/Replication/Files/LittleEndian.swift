import Glibc

extension [UInt8] {
    /// Appends `value` with its lowest byte first.
    mutating func append<Value: FixedWidthInteger>(number value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { self.append(contentsOf: $0) }
    }

    /// Writes `value` over the bytes at `offset`.
    mutating func replace<Value: FixedWidthInteger>(at offset: Int, with value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { source in
            self.replaceSubrange(offset..<offset + source.count, with: source)
        }
    }

    /// Whether all bytes from `offset` on are zero: the first is, and each equals the one before it.
    ///
    /// A segment is mostly reserved space, which every start looks through.
    func isZero(from offset: Int) -> Bool {
        precondition(offset <= self.count, "offset \(offset) of \(self.count)")
        return self.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            guard let start = rest.baseAddress, let first = rest.first else { return true }
            return first == 0 && memcmp(start, start + 1, rest.count - 1) == 0
        }
    }

    /// The number at `offset`, which must lie inside.
    func number<Value: FixedWidthInteger>(at offset: Int, as: Value.Type) -> Value {
        precondition(offset + MemoryLayout<Value>.size <= self.count, "offset \(offset) of \(self.count)")
        return self.withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
    }
}
