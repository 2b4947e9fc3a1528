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
/// A file is a head (`SnapshotHead`) and a body of encrypted frames (`SnapshotFrames`), which hold, one behind
/// the other, the length of the configuration, the configuration (`raftpb.ConfState`) and the state's bytes.
/// In formats 1 and 2 the body is a single box; in format 1 it is only the bytes.
package struct SnapshotFiles: Sendable {
    private static let suffix = ".snap"

    private let directory: String
    private let keys: DataKeyRing
    private let fileSystem: any FileSystem

    /// The snapshots in `directory`, which is made where it is missing.
    package init(directory: String, keys: DataKeyRing, fileSystem: any FileSystem) throws(LogError) {
        self.directory = directory
        self.keys = keys
        self.fileSystem = fileSystem
        try fileSystem.createDirectory(directory)
        try fileSystem.removeTemporaries(in: directory)
    }

    /// Stores a snapshot, and removes those before it once it is durable.
    package func store(_ snapshot: StoredSnapshot) throws(LogError) {
        try self.store(
            term: snapshot.term,
            index: snapshot.index,
            configuration: snapshot.configuration,
            slices: CollectionOfOne(snapshot.bytes)
        )
    }

    /// Stores the snapshot whose bytes are `slices`, one behind the other; holds a frame and a slice at a time.
    package func store(
        term: UInt64,
        index: UInt64,
        configuration: RaftConfState,
        slices: some Sequence<[UInt8]>
    ) throws(LogError) {
        let name = Self.name(index)
        let key = self.keys.current
        let head = SnapshotHead(term: term, index: index, fingerprint: key.fingerprint)
        try self.fileSystem.replace(name, in: self.directory) { (file) throws(LogError) in
            var writer = SnapshotWriter(file, head, key: key)
            try writer.begin(configuration)
            for slice in slices { try writer.add(slice) }
            try writer.finish()
        }
        for old in try self.names() where old < name {
            try self.fileSystem.remove("\(self.directory)/\(old)")
        }
    }

    /// The newest snapshot, whole; nil if there is none.
    ///
    /// A damaged one is refused: the log before it is gone.
    package func load() throws(LogError) -> StoredSnapshot? {
        // A process that was killed may have left a name that is not durable.
        try self.fileSystem.syncDirectory(self.directory)
        guard var reader = try self.newest() else { return nil }
        var bytes: [UInt8] = []
        while let part = try reader.next() { bytes += part }
        return StoredSnapshot(
            term: reader.term,
            index: reader.index,
            configuration: reader.configuration,
            bytes: bytes
        )
    }

    /// Begins to read the newest snapshot; nil if there is none.
    ///
    /// It can be read to its end also when a newer one takes its place meanwhile.
    package func newest() throws(LogError) -> SnapshotReader? {
        guard let name = try self.names().last else { return nil }
        let file = try self.fileSystem.open("\(self.directory)/\(name)", create: false)
        return try SnapshotReader(file, keys: self.keys)
    }

    /// Whether any snapshot is under another key than the ring's current one.
    func hasOlderKeys() throws(LogError) -> Bool {
        for name in try self.names() {
            let file = try self.fileSystem.open("\(self.directory)/\(name)", create: false)
            let head = try SnapshotHead(file.read(at: 0, count: SnapshotHead.size), path: file.path)
            if head.fingerprint != self.keys.fingerprint { return true }
        }
        return false
    }

    private func names() throws(LogError) -> [String] {
        try self.fileSystem.names(in: self.directory).filter { $0.hasSuffix(Self.suffix) }
    }

    private static func name(_ index: UInt64) -> String {
        let digits = String(index, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + Self.suffix
    }
}
