import SwarmAPI

/// The files of a member's log: `raft/lock`, `raft/log/` and `raft/snapshots/`, and `raft/data.key` where the data key
/// is not kept elsewhere.
///
/// While it is open no other process can open it.
package struct LogStorage: Sendable {
    package var log: SegmentedLog
    package let snapshots: SnapshotFiles
    /// What log and snapshots are encrypted with.
    package let keys: DataKeyRing
    /// What was in the log and is not covered by the snapshot, with the newest hard state.
    package private(set) var contents: LogContents
    package let snapshot: StoredSnapshot?
    private var lock: (any LogFile)?

    /// Opens the log in `directory`, which is `stateDirectory/raft`; makes an empty one with a key of its own
    /// where there is none.
    ///
    /// Its parent must exist.
    package init(
        directory: String,
        fileSystem: any FileSystem = PosixFileSystem(),
        limits: LogLimits = LogLimits()
    ) throws(LogError) {
        try fileSystem.createDirectory(directory)
        let lock = try fileSystem.lock("\(directory)/lock")
        try fileSystem.removeTemporaries(in: directory)
        let file = DataKeyFile(directory: directory, fileSystem: fileSystem)
        try fileSystem.createDirectory("\(directory)/log")
        let isNew = try fileSystem.names(in: "\(directory)/log").allSatisfy { $0.hasSuffix(temporarySuffix) }
        let key: DataKey
        if let stored = try file.load() {
            key = stored
        } else if isNew {
            key = try file.create()
        } else {
            throw .missingKey(path: file.path)
        }
        try self.init(
            directory: directory,
            keys: DataKeyRing(key),
            lock: lock,
            fileSystem: fileSystem,
            limits: limits
        )
    }

    /// Opens the log in `directory` with keys that are kept elsewhere.
    package init(
        directory: String,
        keys: DataKeyRing,
        fileSystem: any FileSystem = PosixFileSystem(),
        limits: LogLimits = LogLimits()
    ) throws(LogError) {
        try fileSystem.createDirectory(directory)
        let lock = try fileSystem.lock("\(directory)/lock")
        try fileSystem.removeTemporaries(in: directory)
        try self.init(directory: directory, keys: keys, lock: lock, fileSystem: fileSystem, limits: limits)
    }

    private init(
        directory: String,
        keys: DataKeyRing,
        lock: any LogFile,
        fileSystem: any FileSystem,
        limits: LogLimits
    ) throws(LogError) {
        self.lock = lock
        self.keys = keys
        self.snapshots = try SnapshotFiles(
            directory: "\(directory)/snapshots",
            keys: keys,
            fileSystem: fileSystem
        )
        self.snapshot = try self.snapshots.load()
        (self.log, self.contents) = try SegmentedLog.open(
            directory: "\(directory)/log",
            keys: keys,
            fileSystem: fileSystem,
            limits: limits
        )
        try fileSystem.syncDirectory(directory)
        try Self.check(self.contents, self.snapshot, directory: directory)
        try self.finishInstallation()
    }

    /// Begins the log anew if a crash came between storing a leader's snapshot and that.
    private mutating func finishInstallation() throws(LogError) {
        guard let snapshot = self.snapshot, snapshot.index > self.contents.base,
            self.contents.term(at: snapshot.index) != snapshot.term
        else { return }
        try self.log.restart(after: snapshot.index, hardState: nil)
        self.contents.restart(after: snapshot.index)
    }

    /// Whether anything is under another key than the current one.
    func hasOlderKeys() throws(LogError) -> Bool {
        if self.log.hasOlderKeys { return true }
        return try self.snapshots.hasOlderKeys()
    }

    /// Lets other processes open the log; nothing may be written any more.
    mutating func unlock() { self.lock = nil }

    /// Snapshot, entries and hard state must fit together: nothing between them may be missing.
    private static func check(
        _ contents: LogContents,
        _ snapshot: StoredSnapshot?,
        directory: String
    ) throws(LogError) {
        let covered = snapshot?.index ?? 0
        let path = "\(directory)/log"
        guard contents.base <= covered else {
            throw .corrupt(
                path: path,
                offset: 0,
                reason: "it begins after entry \(contents.base), but snapshots end at \(covered)"
            )
        }
        let known = max(contents.lastIndex, covered)
        guard let state = contents.hardState, state.commit > known else { return }
        throw .corrupt(
            path: path,
            offset: 0,
            reason: "entry \(state.commit) was committed, but it ends at \(known)"
        )
    }
}
