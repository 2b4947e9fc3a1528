import NIOCore
import RaftCore
import SwarmAPI
import SwiftProtobuf

// Batches are framed by hand, in one go: the library makes an object of each message and each entry first, and measures
// it anew for every message that it lies in. The bytes are the same (`replication.proto`, `raftpb.proto`).
extension ByteBuffer {
    /// Writes a `RaftBatch` with `messages` from one member to another.
    mutating func write(
        batchFrom from: RaftID,
        to: RaftID,
        address: String,
        _ messages: [RaftCore.Message],
        _ digests: [SwarmdStateDigest]
    ) {
        if from != .none { self.write(field: 1, from.rawValue) }
        if to != .none { self.write(field: 2, to.rawValue) }
        for message in messages {
            let bodies = message.entries.map { RaftWire.body(of: $0) }
            self.write(field: 3, length: message.size(bodies))
            self.write(message, bodies)
        }
        for digest in digests {
            guard let bytes: [UInt8] = try? digest.serializedBytes() else { continue }
            self.write(field: 4, bytes)
        }
        if !address.isEmpty { self.write(field: 5, Array(address.utf8)) }
    }

    private mutating func write(_ message: RaftCore.Message, _ bodies: [EntryBody]) {
        self.write(field: 1, UInt64(message.kind.rawValue))
        self.write(field: 2, message.to.rawValue)
        self.write(field: 3, message.from.rawValue)
        self.write(field: 4, message.term)
        self.write(field: 5, message.logTerm)
        self.write(field: 6, message.index)
        for (entry, body) in zip(message.entries, bodies) {
            self.write(field: 7, length: entry.size(body))
            self.write(field: 1, UInt64(body.type.rawValue))
            self.write(field: 2, entry.term)
            self.write(field: 3, entry.index)
            if !body.data.isEmpty { self.write(field: 4, body.data) }
        }
        self.write(field: 8, message.commit)
        if let snapshot = message.snapshotBytes { self.write(field: 9, snapshot) }
        self.write(field: 10, message.reject ? 1 : 0)
        self.write(field: 11, message.rejectHint)
        if !message.context.isEmpty { self.write(field: 12, message.context) }
        if message.vote != .none { self.write(field: 13, message.vote.rawValue) }
    }

    private mutating func write(field: UInt64, _ number: UInt64) {
        self.write(varint: field << 3)
        self.write(varint: number)
    }

    private mutating func write(field: UInt64, length: Int) {
        self.write(varint: field << 3 | 2)
        self.write(varint: UInt64(length))
    }

    private mutating func write(field: UInt64, _ bytes: [UInt8]) {
        self.write(field: field, length: bytes.count)
        self.writeBytes(bytes)
    }

    /// Groups of seven bits, the lowest first.
    private mutating func write(varint number: UInt64) {
        var rest = number
        while rest > 0x7f {
            self.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.writeInteger(UInt8(truncatingIfNeeded: rest))
    }
}

/// What an entry carries, on the wire.
private typealias EntryBody = (type: RaftEntryType, data: [UInt8])

extension RaftCore.Message {
    /// The bytes of the snapshot that it carries.
    fileprivate var snapshotBytes: [UInt8]? {
        self.snapshot.flatMap { try? RaftWire.encode($0).serializedBytes() }
    }

    /// How many bytes it takes.
    fileprivate func size(_ bodies: [EntryBody]) -> Int {
        let numbers = [
            UInt64(self.kind.rawValue), self.to.rawValue, self.from.rawValue, self.term, self.logTerm,
            self.index,
            self.commit, self.rejectHint,
        ]
        var size = numbers.reduce(0) { $0 + 1 + Self.size(of: $1) } + 2
        for (entry, body) in zip(self.entries, bodies) { size += Self.size(ofBytes: entry.size(body)) }
        if let snapshot = self.snapshotBytes { size += Self.size(ofBytes: snapshot.count) }
        if !self.context.isEmpty { size += Self.size(ofBytes: self.context.count) }
        if self.vote != .none { size += 1 + Self.size(of: self.vote.rawValue) }
        return size
    }

    fileprivate static func size(of number: UInt64) -> Int { (70 - (number | 1).leadingZeroBitCount) / 7 }

    /// That of a field of so many bytes whose number is less than 16.
    fileprivate static func size(ofBytes count: Int) -> Int { 1 + Self.size(of: UInt64(count)) + count }
}

extension Entry {
    fileprivate func size(_ body: EntryBody) -> Int {
        typealias Size = RaftCore.Message
        let numbers = [UInt64(body.type.rawValue), self.term, self.index]
        return numbers.reduce(0) { $0 + 1 + Size.size(of: $1) }
            + (body.data.isEmpty ? 0 : Size.size(ofBytes: body.data.count))
    }
}
