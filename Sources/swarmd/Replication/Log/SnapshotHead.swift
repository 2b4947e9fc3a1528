/// The first 96 bytes of a snapshot file.
struct SnapshotHead {
    /// The number of its bytes.
    static let size = 96
    /// The newest format.
    static let version: UInt32 = 3
    /// The bytes that the file's key is bound to.
    static let boundSize = 56
    private static let magic = Array("SWARMSNP".utf8)

    /// The format: 1 and 2 have one box as body, 3 has frames.
    let version: UInt32
    /// A random number that no other file has.
    let fileID: [UInt8]
    let term: UInt64
    let index: UInt64
    /// Which data key the file was written with.
    let fingerprint: UInt64
    /// How long the body is.
    var bodyBytes: UInt64 = 0
    /// The body's checksum; zero in format 3, whose frames have tags.
    var bodyChecksum: UInt32 = 0

    /// The head of a new file.
    init(term: UInt64, index: UInt64, fingerprint: UInt64) {
        self.version = Self.version
        self.fileID = SegmentHeader.makeFileID()
        self.term = term
        self.index = index
        self.fingerprint = fingerprint
    }

    /// What the file's key is bound to.
    var bound: [UInt8] {
        var bytes = Self.magic
        bytes.append(number: self.version)
        bytes.append(number: UInt32(Self.size))
        bytes += self.fileID
        bytes.append(number: self.term)
        bytes.append(number: self.index)
        bytes.append(number: self.fingerprint)
        return bytes
    }

    var bytes: [UInt8] {
        var bytes = self.bound
        bytes.append(number: self.bodyBytes)
        bytes.append(number: self.bodyChecksum)
        bytes += [UInt8](repeating: 0, count: Self.size - 4 - bytes.count)
        bytes.append(number: CRC32C.of(bytes))
        return bytes
    }

    /// Reads the head of the file at `path`; a format that we don't know is told from damage.
    init(_ bytes: [UInt8], path: String) throws(LogError) {
        guard bytes.count >= 12, bytes.starts(with: Self.magic) else { throw .foreignFile(path: path) }
        let version = bytes.number(at: 8, as: UInt32.self)
        guard version <= Self.version else {
            throw .newerFormat(path: path, version: version, supported: Self.version)
        }
        guard bytes.count >= Self.size,
            bytes.number(at: Self.size - 4, as: UInt32.self) == CRC32C.of(bytes[..<(Self.size - 4)])
        else { throw .corrupt(path: path, offset: 0, reason: "the head's checksum does not match") }
        self.version = version
        self.fileID = Array(bytes[16..<32])
        self.term = bytes.number(at: 32, as: UInt64.self)
        self.index = bytes.number(at: 40, as: UInt64.self)
        self.fingerprint = bytes.number(at: 48, as: UInt64.self)
        self.bodyBytes = bytes.number(at: 56, as: UInt64.self)
        self.bodyChecksum = bytes.number(at: 64, as: UInt32.self)
    }
}
