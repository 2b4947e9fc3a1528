package import SwarmAPI
import SwiftProtobuf

/// What replication has to know of a snapshot that it otherwise only carries.
package enum SnapshotImage {
    /// The field `membership` of SwarmKit's `Snapshot`.
    private static let membershipField: UInt64 = 2

    /// The group that the snapshot `bytes` (SwarmKit's `Snapshot`) names; empty if it can't be read, in which
    /// case the store refuses it too.
    ///
    /// The store's part, which may have a hundred megabytes, is skipped and not read.
    package static func membership(of bytes: [UInt8]) -> SwarmClusterSnapshot {
        guard let content = Self.content(of: Self.membershipField, in: bytes) else {
            return SwarmClusterSnapshot()
        }
        return (try? SwarmClusterSnapshot(serializedBytes: content)) ?? SwarmClusterSnapshot()
    }

    /// The bytes of a message's field, all its pieces together; nil if `bytes` are no message.
    private static func content(of field: UInt64, in bytes: [UInt8]) -> [UInt8]? {
        var content: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard let tag = Self.varint(bytes, &position) else { return nil }
            switch tag & 7 {
            case 0: guard Self.varint(bytes, &position) != nil else { return nil }
            case 1: position += 8
            case 2:
                guard let length = Self.varint(bytes, &position), length <= bytes.count - position else {
                    return nil
                }
                let end = position + Int(length)
                if tag >> 3 == field { content += bytes[position..<end] }
                position = end
            case 5: position += 4
            default: return nil
            }
        }
        return position == bytes.count ? content : nil
    }

    private static func varint(_ bytes: [UInt8], _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: UInt64.bitWidth, by: 7) {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
