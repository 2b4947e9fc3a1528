extension Entry.Payload {
    /// The number of bytes on the wire, by which leaders limit what is uncommitted and on its way.
    package var size: Int {
        switch self {
        case .normal(let bytes): bytes.count
        case .configuration(let change): change.encodedSize
        }
    }
}

extension Entry {
    /// The number of bytes of the entry as raftpb's message, by which messages are limited.
    ///
    /// Counted as etcd 3.3 to 3.6 write it: type, term and index always, data unless there is none.
    package var encodedSize: Int {
        let data = self.payload.size
        let head = 2 + 1 + varintSize(self.term) + 1 + varintSize(self.index)
        return data == 0 ? head : head + 1 + varintSize(UInt64(data)) + data
    }
}

extension Collection<Entry> {
    /// The bytes of the payloads together.
    var payloadSize: UInt64 { self.reduce(0) { $0 + UInt64($1.payload.size) } }

    /// The bytes of the entries together.
    var encodedSize: UInt64 { self.reduce(0) { $0 + UInt64($1.encodedSize) } }

    /// How many entries from the front fit into `limit` bytes; at least one, if there is one.
    func countWithin(_ limit: UInt64) -> Int {
        var size: UInt64 = 0
        var count = 0
        for entry in self {
            size += UInt64(entry.encodedSize)
            if count > 0, size > limit { break }
            count += 1
        }
        return count
    }
}

/// The number of bytes of a protobuf varint.
func varintSize(_ value: UInt64) -> Int { max(1, (64 - value.leadingZeroBitCount + 6) / 7) }
