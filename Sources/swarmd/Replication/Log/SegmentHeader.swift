import Crypto

/// The first 128 bytes of a segment file.
struct SegmentHeader: Equatable {
    static let size = 128
    static let version: UInt32 = 1
    private static let magic = Array("SWARMLOG".utf8)

    /// A random number that no other file has.
    let fileID: [UInt8]
    /// The segment's place among all that ever were; grows by one.
    let sequence: UInt64
    /// The last index of the log when the segment was begun: what an end cut off its predecessor shows by.
    let lastIndex: UInt64
    /// How long the file is.
    let capacity: UInt64
    /// Which data key it was written with.
    let fingerprint: UInt64
    /// Whether the log begins anew here, behind a snapshot that came from another member; what older segments
    /// hold counts no more.
    var beginsAnew = false

    /// The name of the file of segment `sequence`; sorts as the numbers do.
    static func name(_ sequence: UInt64) -> String {
        let digits = String(sequence, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".log"
    }

    var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.append(number: Self.version)
        bytes.append(number: UInt32(Self.size))
        bytes += self.fileID
        bytes.append(number: self.sequence)
        bytes.append(number: self.lastIndex)
        bytes.append(number: self.capacity)
        bytes.append(number: self.fingerprint)
        bytes.append(number: UInt32(self.beginsAnew ? 1 : 0))
        bytes += [UInt8](repeating: 0, count: Self.size - 4 - bytes.count)
        bytes.append(number: CRC32C.of(bytes))
        return bytes
    }
}

extension SegmentHeader {
    /// Reads the header of the file at `path`; a format that we don't know is told from damage.
    init(_ bytes: [UInt8], path: String) throws(LogError) {
        guard bytes.count >= 12, bytes.starts(with: Self.magic) else { throw .foreignFile(path: path) }
        let version = bytes.number(at: 8, as: UInt32.self)
        guard version <= Self.version else {
            throw .newerFormat(path: path, version: version, supported: Self.version)
        }
        guard bytes.count >= Self.size,
            bytes.number(at: Self.size - 4, as: UInt32.self) == CRC32C.of(bytes[..<(Self.size - 4)])
        else { throw .corrupt(path: path, offset: 0, reason: "the header's checksum does not match") }
        self.fileID = Array(bytes[16..<32])
        self.sequence = bytes.number(at: 32, as: UInt64.self)
        self.lastIndex = bytes.number(at: 40, as: UInt64.self)
        self.capacity = bytes.number(at: 48, as: UInt64.self)
        self.fingerprint = bytes.number(at: 56, as: UInt64.self)
        self.beginsAnew = bytes.number(at: 64, as: UInt32.self) == 1
    }

    /// A new file's id.
    static func makeFileID() -> [UInt8] { SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) } }
}
