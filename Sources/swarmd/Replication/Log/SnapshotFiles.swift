import Crypto
package import SwarmAPI
import SwiftProtobuf

/// A snapshot as the log keeps it: opaque bytes that stand for every entry up to `index`.
package struct StoredSnapshot: Sendable, Equatable {
    package let term: UInt64
    package let index: UInt64
    /// Who votes and who learns at `index`; empty in files of format 1, which groups of one wrote.
    package let configuration: RaftConfState
    package let bytes: [UInt8]

    package init(
        term: UInt64,
        index: UInt64,
        configuration: RaftConfState = RaftConfState(),
        bytes: [UInt8]
    ) {
        self.term = term
        self.index = index
        self.configuration = configuration
        self.bytes = bytes
    }
}

/// The snapshots in `raft/snapshots`, of which the newest is kept.
///
/// A file is a head of 96 bytes (magic, version, file id, term, index, length and checksum of the body,
/// fingerprint of the key, checksum of the head) and the body under AES-256-GCM, to which the head is bound.
/// The body is the length of the configuration, the configuration (`raftpb.ConfState`) and the bytes; in
/// format 1 it is only the bytes.
package struct SnapshotFiles: Sendable {
    private static let magic = Array("SWARMSNP".utf8)
    private static let version: UInt32 = 2
    private static let headSize = 96
    private static let suffix = ".snap"

    private let directory: String
    private let key: DataKey
    private let fileSystem: any FileSystem

    /// The snapshots in `directory`, which is made where it is missing.
    package init(directory: String, key: DataKey, fileSystem: any FileSystem) throws(LogError) {
        self.directory = directory
        self.key = key
        self.fileSystem = fileSystem
        try fileSystem.createDirectory(directory)
        try fileSystem.removeTemporaries(in: directory)
    }

    /// Stores a snapshot, and removes those before it once it is durable.
    package func store(_ snapshot: StoredSnapshot) throws(LogError) {
        let name = Self.name(snapshot.index)
        try self.fileSystem.replace(name, in: self.directory, with: try self.encode(snapshot))
        for old in try self.names() where old < name {
            try self.fileSystem.remove("\(self.directory)/\(old)")
        }
    }

    /// The newest snapshot; nil if there is none.
    ///
    /// A damaged one is refused: the log before it is gone.
    package func load() throws(LogError) -> StoredSnapshot? {
        // A process that was killed may have left a name that is not durable.
        try self.fileSystem.syncDirectory(self.directory)
        guard let name = try self.names().last else { return nil }
        let path = "\(self.directory)/\(name)"
        let file = try self.fileSystem.open(path, create: false)
        return try self.decode(try file.read(at: 0, count: Int(file.size())), path: path)
    }

    private func names() throws(LogError) -> [String] {
        try self.fileSystem.names(in: self.directory).filter { $0.hasSuffix(Self.suffix) }
    }

    private static func name(_ index: UInt64) -> String {
        let digits = String(index, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + Self.suffix
    }

    private func encode(_ snapshot: StoredSnapshot) throws(LogError) -> [UInt8] {
        var head = Self.magic
        head.append(number: Self.version)
        head.append(number: UInt32(Self.headSize))
        head += SegmentHeader.makeFileID()
        head.append(number: snapshot.term)
        head.append(number: snapshot.index)
        head.append(number: self.key.fingerprint)
        do {
            let key = self.key.fileKey(header: head)
            let configuration: [UInt8] = try snapshot.configuration.serializedBytes()
            var content: [UInt8] = []
            content.append(number: UInt32(configuration.count))
            content += configuration
            content += snapshot.bytes
            let box = try AES.GCM.seal(content, using: key)
            let body = Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
            head.append(number: UInt64(body.count))
            head.append(number: CRC32C.of(body))
            head += [UInt8](repeating: 0, count: Self.headSize - 4 - head.count)
            head.append(number: CRC32C.of(head))
            return head + body
        } catch {
            throw .io(operation: "encrypt (\(error))", path: self.directory, code: 0)
        }
    }

    private func decode(_ bytes: [UInt8], path: String) throws(LogError) -> StoredSnapshot {
        guard bytes.count >= 12, bytes.starts(with: Self.magic) else { throw .foreignFile(path: path) }
        let version = bytes.number(at: 8, as: UInt32.self)
        guard version <= Self.version else {
            throw .newerFormat(path: path, version: version, supported: Self.version)
        }
        guard bytes.count >= Self.headSize,
            bytes.number(at: Self.headSize - 4, as: UInt32.self) == CRC32C.of(bytes[..<(Self.headSize - 4)])
        else { throw .corrupt(path: path, offset: 0, reason: "the head's checksum does not match") }
        guard bytes.number(at: 48, as: UInt64.self) == self.key.fingerprint else {
            throw .wrongKey(path: path)
        }
        let body = bytes[Self.headSize...]
        guard body.count == bytes.number(at: 56, as: UInt64.self),
            CRC32C.of(body) == bytes.number(at: 64, as: UInt32.self)
        else {
            throw .corrupt(
                path: path,
                offset: UInt64(Self.headSize),
                reason: "the body's checksum does not match"
            )
        }
        guard let box = try? AES.GCM.SealedBox(combined: body),
            let plaintext = try? AES.GCM.open(box, using: self.key.fileKey(header: Array(bytes[..<56])))
        else {
            throw .corrupt(
                path: path,
                offset: UInt64(Self.headSize),
                reason: "the body is not what was written"
            )
        }
        guard let content = Self.split(Array(plaintext), version: version) else {
            throw .corrupt(
                path: path,
                offset: UInt64(Self.headSize),
                reason: "the configuration is unreadable"
            )
        }
        return StoredSnapshot(
            term: bytes.number(at: 32, as: UInt64.self),
            index: bytes.number(at: 40, as: UInt64.self),
            configuration: content.configuration,
            bytes: content.bytes
        )
    }

    /// The parts of a decrypted body; nil if it has none.
    private static func split(
        _ body: [UInt8],
        version: UInt32
    ) -> (configuration: RaftConfState, bytes: [UInt8])? {
        guard version > 1 else { return (RaftConfState(), body) }
        guard body.count >= 4 else { return nil }
        let end = 4 + Int(body.number(at: 0, as: UInt32.self))
        guard end <= body.count,
            let configuration = try? RaftConfState(serializedBytes: Array(body[4..<end]))
        else { return nil }
        return (configuration, Array(body[end...]))
    }
}
