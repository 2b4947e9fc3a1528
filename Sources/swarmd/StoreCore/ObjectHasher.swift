import SwiftProtobuf

/// Hashes a message by its fields: equal messages have equal hashes, in every process and on every machine.
///
/// It sees what the wire would show, in the same order, but needs no bytes of its own: a task costs a third of
/// what its serialization does. Maps count in any order. Two lanes of 64 bits make an accident of equal hashes
/// as good as impossible; against somebody who looks for one it is no protection.
struct ObjectHasher: Visitor {
    private static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15
    private static let otherMultiplier: UInt64 = 0xd6e8_feb8_6659_fd93

    private var first: UInt64
    private var second: UInt64

    /// Begins a hash that `seed` distinguishes from others.
    init(seed: UInt64) {
        self.first = seed ^ 0x2545_f491_4f6c_dd1d
        self.second = seed &+ 0x5851_f42d_4c95_7f2d
    }

    /// The hash of what was mixed in so far.
    var result: (UInt64, UInt64) {
        (Self.finish(self.first ^ self.second), Self.finish(self.second &+ Self.multiplier))
    }

    private static func finish(_ lane: UInt64) -> UInt64 {
        var lane = lane
        lane = (lane ^ (lane >> 32)) &* Self.otherMultiplier
        lane = (lane ^ (lane >> 29)) &* Self.multiplier
        return lane ^ (lane >> 32)
    }

    /// Takes in eight bytes: one lane folds a product of 128 bits, the other one rotates.
    @inline(__always)
    mutating func mix(_ word: UInt64) {
        let product = (self.first ^ word).multipliedFullWidth(by: Self.multiplier)
        self.first = (product.high ^ product.low) &+ Self.otherMultiplier
        let turned = self.second << 27 | self.second >> 37
        self.second = (turned ^ word) &* Self.otherMultiplier
    }

    /// Takes in the bytes and how many there are.
    mutating func mix(_ bytes: some Collection<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { self.mix(UnsafeRawBufferPointer($0)) }
        if isDone == nil { Array(bytes).withUnsafeBytes { self.mix($0) } }
    }

    private mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        self.mix(UInt64(bytes.count))
        var place = 0
        while place + 8 <= bytes.count {
            self.mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place += 8
        }
        var rest: UInt64 = 0
        while place < bytes.count {
            rest = rest << 8 | UInt64(bytes[place])
            place += 1
        }
        self.mix(rest)
    }

    /// Takes in the message.
    mutating func mix(_ message: some Message) {
        do { try message.traverse(visitor: &self) } catch {
            preconditionFailure("a message can't be visited: \(error)")
        }
    }
}

// MARK: - Fields

extension ObjectHasher {
    mutating func visitUnknown(bytes: ProtobufBytes.BaseType) {
        self.mix(0)
        self.mix(bytes)
    }

    mutating func visitSingularDoubleField(value: Double, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(value.bitPattern)
    }

    mutating func visitSingularInt64Field(value: Int64, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(UInt64(bitPattern: value))
    }

    mutating func visitSingularUInt64Field(value: UInt64, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(value)
    }

    mutating func visitSingularBoolField(value: Bool, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(value ? 1 : 0)
    }

    mutating func visitSingularStringField(value: String, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(value.utf8)
    }

    mutating func visitSingularBytesField(value: ProtobufBytes.BaseType, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(value)
    }

    mutating func visitSingularEnumField<E: Enum>(value: E, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(UInt64(bitPattern: Int64(value.rawValue)))
    }

    mutating func visitSingularMessageField<M: Message>(value: M, fieldNumber: Int) {
        self.mix(UInt64(fieldNumber))
        self.mix(value)
        // The fields that follow are not this message's.
        self.mix(.max)
    }
}

// MARK: - Maps

extension ObjectHasher {
    mutating func visitMapField<KeyType, ValueType: MapValueType>(
        fieldType: _ProtobufMap<KeyType, ValueType>.Type,
        value: _ProtobufMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws {
        try self.mix(value, fieldNumber) { key, value, entry in
            try KeyType.visitSingular(value: key, fieldNumber: 1, with: &entry)
            try ValueType.visitSingular(value: value, fieldNumber: 2, with: &entry)
        }
    }

    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufEnumMap<KeyType, ValueType>.Type,
        value: _ProtobufEnumMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws where ValueType.RawValue == Int {
        try self.mix(value, fieldNumber) { key, value, entry in
            try KeyType.visitSingular(value: key, fieldNumber: 1, with: &entry)
            entry.visitSingularEnumField(value: value, fieldNumber: 2)
        }
    }

    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufMessageMap<KeyType, ValueType>.Type,
        value: _ProtobufMessageMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws {
        try self.mix(value, fieldNumber) { key, value, entry in
            try KeyType.visitSingular(value: key, fieldNumber: 1, with: &entry)
            entry.visitSingularMessageField(value: value, fieldNumber: 2)
        }
    }

    /// Takes in the sum of the entries' hashes: a dictionary has no order.
    private mutating func mix<Key, Value>(
        _ entries: [Key: Value],
        _ fieldNumber: Int,
        _ visit: (Key, Value, inout ObjectHasher) throws -> Void
    ) rethrows {
        var sum: (UInt64, UInt64) = (0, 0)
        for (key, value) in entries {
            var entry = ObjectHasher(seed: UInt64(fieldNumber))
            try visit(key, value, &entry)
            let hash = entry.result
            sum = (sum.0 &+ hash.0, sum.1 &+ hash.1)
        }
        self.mix(UInt64(fieldNumber))
        self.mix(UInt64(entries.count))
        self.mix(sum.0)
        self.mix(sum.1)
    }
}
