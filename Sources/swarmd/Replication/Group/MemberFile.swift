/// The file that keeps who this member is in its group: `raft/member`.
///
/// 40 bytes: "SWARMMEM", format version, zero, the raft identifier, checksum of the rest, zeros. An identifier is
/// given once and never again, so it must outlive everything else of the member.
package struct MemberFile: Sendable {
    private static let magic = Array("SWARMMEM".utf8)
    private static let version: UInt32 = 1
    private static let name = "member"
    private static let size = 40

    private let directory: String
    private let fileSystem: any FileSystem

    /// The file in `directory`, which is `stateDirectory/raft` and is made where it is missing.
    package init(directory: String, fileSystem: any FileSystem = PosixFileSystem()) throws(LogError) {
        try fileSystem.createDirectory(directory)
        self.directory = directory
        self.fileSystem = fileSystem
    }

    private var path: String { "\(self.directory)/\(Self.name)" }

    /// The raft identifier; nil if there is no file.
    package func load() throws(LogError) -> UInt64? {
        guard try self.fileSystem.names(in: self.directory).contains(Self.name) else { return nil }
        let bytes = try self.fileSystem.open(self.path, create: false).read(at: 0, count: Self.size)
        guard bytes.count >= 12, bytes.starts(with: Self.magic) else { throw .foreignFile(path: self.path) }
        let version = bytes.number(at: 8, as: UInt32.self)
        guard version <= Self.version else {
            throw .newerFormat(path: self.path, version: version, supported: Self.version)
        }
        guard bytes.count == Self.size,
            bytes.number(at: 24, as: UInt32.self) == CRC32C.of(bytes[..<24])
        else { throw .corrupt(path: self.path, offset: 0, reason: "its checksum does not match") }
        return bytes.number(at: 16, as: UInt64.self)
    }

    /// Keeps `raftID`.
    package func store(_ raftID: UInt64) throws(LogError) {
        var bytes = Self.magic
        bytes.append(number: Self.version)
        bytes.append(number: UInt32(0))
        bytes.append(number: raftID)
        bytes.append(number: CRC32C.of(bytes[...]))
        bytes += [UInt8](repeating: 0, count: Self.size - bytes.count)
        try self.fileSystem.replace(Self.name, in: self.directory, with: bytes)
    }
}
