package import SwarmAPI
import SwiftProtobuf

/// Why an entry can't be made or understood.
package enum EntryError: Error, Equatable {
    /// More changes than `EntryLimits.changes`, or more bytes than `EntryLimits.bytes`.
    case tooLarge(changes: Int, bytes: Int)
    /// The bytes are no `InternalRaftRequest`, or an action has no object or no known kind.
    ///
    /// An entry that one manager can't apply would let its state diverge without a trace
    /// (SwarmKit only logs it); the log must stop instead.
    case malformed(field: String)
}

/// How much one entry of the log may carry (SwarmKit `store/memory.go`, `MaxChangesPerTransaction` and
/// `MaxTransactionBytes`; other managers of the group refuse more).
package enum EntryLimits {
    /// The number of changes.
    package static let changes = 200
    /// The size of the serialized request.
    package static let bytes = 1_572_864
}

/// A change list as an entry of the log carries it: SwarmKit's `InternalRaftRequest`.
package enum StoreEntry {
    /// Serializes a change list; the same changes give the same bytes.
    package static func encode(_ changes: [StoreChange], id: UInt64) throws(EntryError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        if id != 0 {
            bytes.append(0x08)
            bytes.append(varint: id)
        }
        for change in changes { bytes.append(action: change) }
        guard changes.count <= EntryLimits.changes, bytes.count <= EntryLimits.bytes else {
            throw .tooLarge(changes: changes.count, bytes: bytes.count)
        }
        return bytes
    }

    /// Reads a change list.
    package static func decode(_ bytes: [UInt8]) throws(EntryError) -> SwarmInternalRaftRequest {
        do { return try SwarmInternalRaftRequest(serializedBytes: bytes) } catch {
            throw .malformed(field: "InternalRaftRequest")
        }
    }

    /// The request's id, read without decoding the rest; zero when there is none.
    ///
    /// It is the first field of every request that `encode` makes, so a manager recognises its own
    /// entries in a few instructions.
    package static func id(of bytes: [UInt8]) -> UInt64 {
        guard bytes.first == 0x08 else { return 0 }
        var id: UInt64 = 0
        for (position, byte) in bytes.dropFirst().prefix(10).enumerated() {
            id |= UInt64(byte & 0x7f) << UInt64(7 * position)
            if byte & 0x80 == 0 { return id }
        }
        return 0
    }
}

extension BinaryEncodingOptions {
    /// Maps are written in the order of their keys, so that equal objects have equal bytes.
    static var deterministic: Self {
        var options = Self()
        options.useDeterministicOrdering = true
        return options
    }
}
