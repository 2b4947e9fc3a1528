package import SwarmAPI
import SwiftProtobuf

/// A whole cluster's state in one file.
///
/// 40 bytes of head ("SWARMBAK", format version, head size, index, length and checksum of the body, checksum
/// of the head) and the body, a serialized `docker.swarmkit.v1.Snapshot`. It holds the cluster's secrets in
/// clear: keep it as you keep those.
package struct Backup: Sendable, Equatable {
    private static let magic = Array("SWARMBAK".utf8)
    private static let version: UInt32 = 1
    private static let headSize = 40

    /// The index of the log that the state is of.
    package let index: UInt64
    /// The state.
    package let body: [UInt8]

    package init(index: UInt64, body: [UInt8]) {
        self.index = index
        self.body = body
    }

    /// The managers that the state names.
    package var members: [SwarmRaftMember] { SnapshotImage.membership(of: self.body).members }

    /// The file.
    package var bytes: [UInt8] {
        var head = Self.magic
        head.append(number: Self.version)
        head.append(number: UInt32(Self.headSize))
        head.append(number: self.index)
        head.append(number: UInt64(self.body.count))
        head.append(number: CRC32C.of(self.body))
        head.append(number: CRC32C.of(head))
        return head + self.body
    }

    /// Reads a file; `path` is for messages.
    package init(_ bytes: [UInt8], path: String) throws(LogError) {
        guard bytes.count >= 12, bytes.starts(with: Self.magic) else { throw .foreignFile(path: path) }
        let version = bytes.number(at: 8, as: UInt32.self)
        guard version <= Self.version else {
            throw .newerFormat(path: path, version: version, supported: Self.version)
        }
        guard bytes.count >= Self.headSize,
            bytes.number(at: 36, as: UInt32.self) == CRC32C.of(bytes[..<36])
        else { throw .corrupt(path: path, offset: 0, reason: "the head's checksum does not match") }
        let body = Array(bytes[Self.headSize...])
        guard body.count == bytes.number(at: 24, as: UInt64.self),
            CRC32C.of(body) == bytes.number(at: 32, as: UInt32.self)
        else {
            throw .corrupt(path: path, offset: UInt64(Self.headSize), reason: "the body is not whole")
        }
        self.init(index: bytes.number(at: 16, as: UInt64.self), body: body)
    }
}
