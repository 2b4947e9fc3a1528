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

    /// The number at `offset`, which must lie inside.
    func number<Value: FixedWidthInteger>(at offset: Int, as: Value.Type) -> Value {
        precondition(offset + MemoryLayout<Value>.size <= self.count, "offset \(offset) of \(self.count)")
        return self.withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
    }
}
