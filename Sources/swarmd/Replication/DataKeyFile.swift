/// The file that keeps the data key of a log while no key file of the node's does: that of a directory that was just
/// restored, or of an older swarmd's.
///
/// 56 bytes: "SWARMKEY", format version, zero, the key, zero, checksum. Only its owner may read it.
package struct DataKeyFile: Sendable {
    private static let magic = Array("SWARMKEY".utf8)
    private static let version: UInt32 = 1
    private static let name = "data.key"
    private static let size = 56

    private let directory: String
    private let fileSystem: any FileSystem

    /// The key file in `directory`, which must exist.
    package init(directory: String, fileSystem: any FileSystem = PosixFileSystem()) {
        self.directory = directory
        self.fileSystem = fileSystem
    }

    /// Where the key is.
    package var path: String { "\(self.directory)/\(Self.name)" }

    /// The key; nil if there is no file.
    package func load() throws(LogError) -> DataKey? {
        guard try self.fileSystem.names(in: self.directory).contains(Self.name) else { return nil }
        let file = try self.fileSystem.open(self.path, create: false)
        let mode = try file.mode()
        guard mode & 0o077 == 0 else { throw .exposedKey(path: self.path, mode: mode) }
        let bytes = try file.read(at: 0, count: Self.size)
        guard bytes.starts(with: Self.magic), bytes.count >= 12 else { throw .foreignFile(path: self.path) }
        let version = bytes.number(at: 8, as: UInt32.self)
        guard version <= Self.version else {
            throw .newerFormat(path: self.path, version: version, supported: Self.version)
        }
        guard bytes.count == Self.size,
            bytes.number(at: 52, as: UInt32.self) == CRC32C.of(bytes.prefix(52)),
            let key = DataKey(bytes: Array(bytes[16..<48]))
        else { throw .corrupt(path: self.path, offset: 0, reason: "the checksum does not match") }
        return key
    }

    /// Draws a new key and stores it.
    package func create() throws(LogError) -> DataKey {
        let key = DataKey()
        var bytes = Self.magic
        bytes.append(number: Self.version)
        bytes.append(number: UInt32(0))
        bytes += key.bytes
        bytes.append(number: UInt32(0))
        bytes.append(number: CRC32C.of(bytes))
        try self.fileSystem.replace(Self.name, in: self.directory, with: bytes)
        return key
    }

    /// Removes the file, once the key is kept elsewhere; one that is not there will do.
    package func remove() throws(LogError) {
        guard try self.fileSystem.names(in: self.directory).contains(Self.name) else { return }
        try self.fileSystem.remove(self.path)
        try self.fileSystem.syncDirectory(self.directory)
    }
}
