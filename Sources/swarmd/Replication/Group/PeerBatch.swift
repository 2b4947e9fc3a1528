package import NIOCore
package import RaftCore
package import SwarmAPI
import SwiftProtobuf

/// What a member sends another at a time (`replication.proto`, RaftBatch).
package struct PeerBatch: Sendable {
    package private(set) var from = RaftID.none
    package private(set) var to = RaftID.none
    /// The messages that have a meaning here (`RaftWire`), in order.
    package private(set) var messages: [RaftCore.Message] = []
    package private(set) var digests: [SwarmdStateDigest] = []
    /// Where the sender says that it listens; empty while it does not.
    package private(set) var address = ""

    /// The batch that the library decoded.
    package init(_ wire: SwarmdRaftBatch) {
        self.from = RaftID(rawValue: wire.from)
        self.to = RaftID(rawValue: wire.to)
        self.messages = wire.messages.compactMap(RaftWire.decode)
        self.digests = wire.digests
        self.address = wire.address
    }

    /// Reads a batch by hand, in one go, as `BatchFrames` writes it: each entry's bytes are copied once, while the
    /// library makes objects of messages and entries first.
    ///
    /// Throws if `buffer` holds none.
    package init(reading buffer: ByteBuffer) throws {
        try buffer.withUnsafeReadableBytes { bytes in
            var reader = FieldReader(bytes)
            while let (field, value) = try reader.next() {
                switch (field, value) {
                case (1, .number(let number)): self.from = RaftID(rawValue: number)
                case (2, .number(let number)): self.to = RaftID(rawValue: number)
                case (3, .bytes(let bytes)):
                    if let message = try Self.message(bytes) { self.messages.append(message) }
                case (4, .bytes(let bytes)):
                    self.digests.append(try SwarmdStateDigest(serializedBytes: Array(bytes)))
                case (5, .bytes(let bytes)): self.address = try Self.text(bytes)
                default: break
                }
            }
        }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) throws(FieldReader.Malformed) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FieldReader.Malformed() }
        return text
    }

    /// A message; nil if it has no meaning here.
    private static func message(_ bytes: UnsafeRawBufferPointer) throws -> RaftCore.Message? {
        var message = RaftCore.Message(.append)
        var (kind, isWhole): (RaftCore.Message.Kind?, Bool) = (nil, true)
        var reader = FieldReader(bytes)
        while let (field, value) = try reader.next() {
            switch value {
            case .number(let number) where field == 1:
                kind = UInt8(exactly: number).flatMap(RaftCore.Message.Kind.init(rawValue:))
            case .number(let number): message.set(field, number)
            case .bytes(let bytes) where field == 7:
                let entry = try Self.entry(bytes)
                isWhole = isWhole && entry != nil
                if let entry { message.entries.append(entry) }
            case .bytes(let bytes) where field == 9:
                let wire = try RaftSnapshot(serializedBytes: Array(bytes))
                // Peers before 3.6 always send one; index 0 stands for none.
                if wire.metadata.index > 0 { message.snapshot = RaftWire.decode(wire) }
            case .bytes(let bytes) where field == 12: message.context = Array(bytes)
            case .bytes, .fixed: break
            }
        }
        guard let kind, !kind.isLocal, isWhole else { return nil }
        message.kind = kind
        return kind == .snapshot && message.snapshot == nil ? nil : message
    }

    /// An entry; nil if it has no meaning here.
    private static func entry(_ bytes: UnsafeRawBufferPointer) throws(FieldReader.Malformed) -> Entry? {
        var (type, term, index): (UInt64, UInt64, UInt64) = (0, 0, 0)
        var data: [UInt8] = []
        var reader = FieldReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .number(let number)): type = number
            case (2, .number(let number)): term = number
            case (3, .number(let number)): index = number
            case (4, .bytes(let bytes)): data = Array(bytes)
            default: break
            }
        }
        guard let type = Int(exactly: type).flatMap(RaftEntryType.init(rawValue:)) else { return nil }
        return RaftWire.entry(term: term, index: index, type: type, data: data)
    }
}

extension RaftCore.Message {
    /// Takes what a field of `raftpb.Message` holds.
    fileprivate mutating func set(_ field: UInt64, _ number: UInt64) {
        switch field {
        case 2: self.to = RaftID(rawValue: number)
        case 3: self.from = RaftID(rawValue: number)
        case 4: self.term = number
        case 5: self.logTerm = number
        case 6: self.index = number
        case 8: self.commit = number
        case 10: self.reject = number != 0
        case 11: self.rejectHint = number
        case 13: self.vote = RaftID(rawValue: number)
        default: break
        }
    }
}
