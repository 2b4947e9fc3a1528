import Synchronization
package import Trust

/// The node's key file on disk and in memory: TLS key, data keys, and the unlock key that they lie under.
///
/// Nobody else writes the file, so that no change is lost; each change is on disk, whole, before it counts in memory.
/// Its calls wait for the disk.
package final class KeyStore: Sendable {
    /// What the file lets its node do.
    package enum Standing: Sendable, Equatable {
        /// There is none: the node has no key yet.
        case empty
        /// It is encrypted, with the unlock key of the cluster object of `version`; only `unlock` is of use.
        case locked(version: UInt64)
        /// Its keys are known.
        case open
    }

    private enum State {
        case empty
        case locked(version: UInt64)
        case open(KeyFile, unlockKey: UnlockKey?)
    }

    private let load: @Sendable () throws -> String?
    private let save: @Sendable (String) throws -> Void
    private let state: Mutex<State>

    /// Reads the text that `load` gives, nil for none; `save` puts another in its place, all of it or nothing.
    ///
    /// Throws `KeyFileError.damaged` where there is a text that is no key file's.
    package init(
        load: @escaping @Sendable () throws -> String?,
        save: @escaping @Sendable (String) throws -> Void
    ) throws {
        self.load = load
        self.save = save
        guard let text = try load() else {
            self.state = Mutex(.empty)
            return
        }
        let head = try KeyFile.Head(parsing: text)
        if head.isLocked {
            self.state = Mutex(.locked(version: head.kekVersion))
        } else {
            self.state = Mutex(.open(try KeyFile(parsing: text), unlockKey: nil))
        }
    }

    /// What the file lets its node do.
    package var standing: Standing {
        self.state.withLock { state in
            switch state {
            case .empty: .empty
            case .locked(let version): .locked(version: version)
            case .open: .open
            }
        }
    }

    /// What the file holds; nil unless it is open.
    package var content: KeyFile? {
        self.state.withLock { if case .open(let file, _) = $0 { file } else { nil } }
    }

    /// Whether the file is encrypted.
    package var isEncrypted: Bool {
        self.state.withLock { state in
            switch state {
            case .empty: false
            case .locked: true
            case .open(_, let unlockKey): unlockKey != nil
            }
        }
    }

    /// Opens a locked file; throws `KeyFileError.wrongKey` with another's key.
    ///
    /// One that is open already stays as it is.
    package func unlock(with unlockKey: UnlockKey) throws {
        try self.state.withLock { state in
            guard case .locked = state else { return }
            guard let text = try self.load() else { throw KeyFileError.damaged("it is gone") }
            let isLocked = try KeyFile.Head(parsing: text).isLocked
            let file = try KeyFile(parsing: text, unlockKey: unlockKey)
            state = .open(file, unlockKey: isLocked ? unlockKey : nil)
        }
    }
}

// MARK: - Changes

extension KeyStore {
    /// Gives the node the TLS key `pem`, its first one or another; `saving` keeps the file's new text, together with the
    /// certificate of the key.
    package func replaceKey(_ pem: String, saving: (String) throws -> Void) throws {
        try self.state.withLock { state in
            let unlockKey: UnlockKey?
            var file: KeyFile
            switch state {
            case .empty: (file, unlockKey) = (KeyFile(key: pem), nil)
            case .locked: throw KeyFileError.locked
            case .open(let present, let key): (file, unlockKey) = (present, key)
            }
            file.key = pem
            let text = try file.text(lockedWith: unlockKey)
            // Read back, so that nothing is kept that would not open.
            file = try KeyFile(parsing: text, unlockKey: unlockKey)
            try saving(text)
            state = .open(file, unlockKey: unlockKey)
        }
    }

    /// Takes in what the cluster object of `version` says of the unlock key: nil where managers do not lock themselves.
    package func lock(with unlockKey: UnlockKey?, version: UInt64) throws -> LockChange {
        try self.change { file, present in
            let change = file.take(unlockKey, for: present, version: version)
            if change != .unchanged { present = unlockKey }
            return change
        }
    }

    /// The data keys; where there are none, `found`, which an older directory's log is under, or else a fresh one
    /// becomes the current one.
    package func establishDataKeys(found: [UInt8]? = nil) throws -> DataKeys {
        try self.change { file, _ in
            if let keys = file.dataKeys { return keys }
            let keys = found.map { DataKeys(current: $0) } ?? Self.freshKeys()
            file.dataKeys = keys
            return keys
        }
    }

    /// Begins a rotation of the data keys, or goes on with one that was begun.
    ///
    /// Returns the keys with the pending one, which is on disk; nil on a node without data keys.
    package func beginRotation() throws -> DataKeys? {
        try self.change { file, _ in
            file.dataKeys?.begin(Self.freshKeys().current)
            return file.dataKeys
        }
    }

    /// Makes the pending data key the current one: nothing is under the old one any more.
    package func finishRotation() throws {
        try self.change { file, _ in file.dataKeys?.finish() }
    }

    /// Forgets what only managers have: data keys, and the lock.
    ///
    /// Whoever calls it has removed the log.
    package func becomeWorker() throws {
        try self.change { file, unlockKey in
            file.dataKeys = nil
            file.kekVersion = 0
            unlockKey = nil
        }
    }

    /// Changes the open file; it is written where that made a difference.
    @discardableResult
    private func change<Result: Sendable>(
        _ body: (inout KeyFile, inout UnlockKey?) throws -> Result
    ) throws -> Result {
        try self.state.withLock { state in
            let (file, unlockKey): (KeyFile, UnlockKey?)
            switch state {
            case .empty: throw KeyFileError.damaged("it is missing")
            case .locked: throw KeyFileError.locked
            case .open(let present, let key): (file, unlockKey) = (present, key)
            }
            var (newFile, newKey) = (file, unlockKey)
            let result = try body(&newFile, &newKey)
            if newFile != file || newKey != unlockKey {
                try self.save(newFile.text(lockedWith: newKey))
                state = .open(newFile, unlockKey: newKey)
            }
            return result
        }
    }

    private static func freshKeys() -> DataKeys {
        var generator = SystemRandomNumberGenerator()
        return DataKeys(using: &generator)
    }
}
