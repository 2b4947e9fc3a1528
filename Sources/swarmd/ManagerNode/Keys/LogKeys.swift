package import Credentials
package import Replication
package import Trust

/// The data keys of a manager's log, out of its key file.
package enum LogKeys {
    /// The ring that opens the log in `directory`, which is `stateDirectory/raft`.
    ///
    /// A new log gets a fresh key. The key in the file `data.key`, of an older swarmd's directory or of one that was
    /// just restored, is taken over, and the file removed once the key file holds it. Throws `LogError.missingKey`
    /// when there is a log and no key for it, and `wrongKey` when both files have keys, which differ.
    package static func ring(
        _ store: KeyStore,
        directory: String,
        fileSystem: any FileSystem = PosixFileSystem()
    ) throws -> DataKeyRing {
        try fileSystem.createDirectory(directory)
        let file = DataKeyFile(directory: directory, fileSystem: fileSystem)
        let found = try file.load()
        if found == nil, store.content?.dataKeys == nil, try Self.hasLog(directory, fileSystem) {
            throw LogError.missingKey(path: file.path)
        }
        let keys = try store.establishDataKeys(found: found?.bytes)
        if let found {
            guard found.bytes == keys.current || found.bytes == keys.pending else {
                throw LogError.wrongKey(path: file.path)
            }
            try file.remove()
        }
        return try Self.ring(keys)
    }

    /// The ring that opens the log of a stopped manager; nil where its key is still in `data.key`, or there is none.
    package static func ring(of content: KeyFile?) throws -> DataKeyRing? {
        try content?.dataKeys.map(Self.ring)
    }

    /// While a rotation is under way, files are under either key, and new ones under the pending one.
    private static func ring(_ keys: DataKeys) throws -> DataKeyRing {
        let current = try Self.key(keys.current)
        guard let pending = keys.pending else { return DataKeyRing(current) }
        return DataKeyRing(try Self.key(pending), older: [current])
    }

    static func key(_ bytes: [UInt8]) throws -> DataKey {
        guard let key = DataKey(bytes: bytes) else {
            throw KeyFileError.damaged("a data key of \(bytes.count) bytes")
        }
        return key
    }

    private static func hasLog(_ directory: String, _ fileSystem: any FileSystem) throws -> Bool {
        for part in ["log", "snapshots"] {
            try fileSystem.createDirectory("\(directory)/\(part)")
            let names = try fileSystem.names(in: "\(directory)/\(part)")
            if names.contains(where: { $0.hasSuffix(".log") || $0.hasSuffix(".snap") }) { return true }
        }
        return false
    }
}
