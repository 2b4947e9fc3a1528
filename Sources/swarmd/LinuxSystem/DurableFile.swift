/// A small file that is either whole or absent, whatever happens while it is written.
///
/// Its first line is `KIND VERSION CHECKSUM LENGTH`; a file of a newer version is refused, never guessed at.
package enum DurableFile {
    /// What a file can be that `read` cannot return.
    package enum Fault: Error, Equatable, CustomStringConvertible {
        /// A later release wrote it.
        case newer(path: String, version: Int, known: Int)
        /// It is damaged, or something else altogether.
        case damaged(path: String)

        package var description: String {
            switch self {
            case .newer(let path, let version, let known):
                "\(path) has format \(version); this release reads up to \(known)"
            case .damaged(let path): "\(path) is damaged: its checksum or its header is wrong"
            }
        }
    }

    /// Writes the file, which is on the disk when this returns.
    package static func write(_ body: [UInt8], to path: String, kind: String, version: Int) throws {
        let header = "\(kind) \(version) \(Checksum.crc32(body)) \(body.count)\n"
        try Files.replace(path, with: Array(header.utf8) + body)
    }

    /// Reads what `write` wrote, in any version up to `version`; nil where there is no file.
    package static func read(_ path: String, kind: String, version: Int) throws -> [UInt8]? {
        let content: [UInt8]
        do { content = try Files.read(path) } catch let error as SystemError where error.isMissing {
            return nil
        }
        guard let end = content.firstIndex(of: 0x0a) else { throw Fault.damaged(path: path) }
        let words = String(decoding: content[..<end], as: UTF8.self).split(separator: " ")
        guard words.count == 4, words[0] == kind, let found = Int(words[1]) else {
            throw Fault.damaged(path: path)
        }
        if found > version { throw Fault.newer(path: path, version: found, known: version) }
        let body = Array(content[(end + 1)...])
        guard UInt32(words[2]) == Checksum.crc32(body), Int(words[3]) == body.count else {
            throw Fault.damaged(path: path)
        }
        return body
    }
}

/// The CRC-32 of zip and Ethernet.
package enum Checksum {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    package static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { Self.table[Int(($0 ^ UInt32($1)) & 0xff)] ^ ($0 >> 8) }
    }
}
