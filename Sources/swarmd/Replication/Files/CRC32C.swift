/// The Castagnoli checksum (RFC 3720 B.4), eight bytes at a time (Intel's slicing-by-8).
///
/// It finds accidents; against attackers the records have their authentication tags.
struct CRC32C {
    private var value: UInt32 = .max

    /// The checksum of what was added so far.
    var checksum: UInt32 { ~self.value }

    static func of(_ bytes: some Collection<UInt8>) -> UInt32 {
        var sum = Self()
        sum.add(bytes)
        return sum.checksum
    }

    mutating func add(_ bytes: some Collection<UInt8>) {
        let value = self.value
        self.value =
            bytes.withContiguousStorageIfAvailable { Self.update(value, with: UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { Self.update(value, with: $0) }
    }

    private static func update(_ start: UInt32, with bytes: UnsafeRawBufferPointer) -> UInt32 {
        Self.tables.withUnsafeBufferPointer { tables in
            var value = start
            var position = 0
            while position + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
                let mixed = word ^ UInt64(value)
                value = 0
                for lane in 0..<8 {
                    let byte = Int(truncatingIfNeeded: mixed >> UInt64(8 * lane)) & 0xff
                    value ^= tables[(7 - lane) * 256 + byte]
                }
                position += 8
            }
            while position < bytes.count {
                let low = Int(UInt8(truncatingIfNeeded: value) ^ bytes[position])
                value = (value >> 8) ^ tables[low]
                position += 1
            }
            return value
        }
    }

    /// Table `lane` holds what a byte does that has `lane` more bytes behind it.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        for byte in UInt32(0)..<256 {
            var value = byte
            for _ in 0..<8 {
                let isOdd = value & 1 == 1
                value >>= 1
                if isOdd { value ^= 0x82f6_3b78 }
            }
            tables.append(value)
        }
        for position in 256..<2048 {
            let previous = tables[position - 256]
            let low = Int(previous & 0xff)
            tables.append((previous >> 8) ^ tables[low])
        }
        return tables
    }()
}
