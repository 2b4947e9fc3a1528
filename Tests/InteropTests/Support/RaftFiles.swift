import Foundation

/// The files of a stopped manager's log, as somebody sees them who can do harm.
struct RaftFiles {
    let folder: URL

    /// Those in the manager's state directory.
    init(in directory: URL) { self.folder = directory.appending(path: "raft") }

    /// The segments of the log, oldest first.
    var segments: [URL] { self.files(in: "log") }
    /// The snapshots, oldest first.
    var snapshots: [URL] { self.files(in: "snapshots") }

    private func files(in name: String) -> [URL] {
        let folder = self.folder.appending(path: name)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { folder.appending(path: $0) }
    }

    /// What each file holds.
    var contents: [String: Data] {
        let names =
            FileManager.default.enumerator(atPath: self.folder.path)?.compactMap { $0 as? String } ?? []
        return names.reduce(into: [:]) { contents, name in
            contents[name] = try? Data(contentsOf: self.folder.appending(path: name))
        }
    }

    /// Flips one bit of a file; twice is as if nothing had been.
    static func flip(_ file: URL, at offset: Int) throws {
        try Self.change(file, at: offset) { $0 ^= 0x10 }
    }

    private static func change(_ file: URL, at offset: Int, _ body: (inout UInt8) -> Void) throws {
        let handle = try FileHandle(forUpdating: file)
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        guard var byte = try handle.read(upToCount: 1)?.first else { throw CocoaError(.fileReadCorruptFile) }
        body(&byte)
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data([byte]))
    }

    /// The records of a segment, by their heads, which are not encrypted (`RecordCoder`).
    static func records(of segment: URL) throws -> [Range<Int>] {
        let bytes = [UInt8](try Data(contentsOf: segment))
        var records: [Range<Int>] = []
        var offset = 128
        while offset + 40 <= bytes.count, Array(bytes[offset..<offset + 4]) == Array("SREC".utf8) {
            let body = bytes[(offset + 4)..<(offset + 8)].reversed().reduce(0) { $0 << 8 | Int($1) }
            let end = offset + (40 + body + 7) / 8 * 8
            records.append(offset..<end)
            offset = end
        }
        return records
    }

    /// Leaves `bytes` bytes of a record behind the last one, as a power failure leaves a write.
    static func tear(_ segment: URL, bytes: Int) throws {
        guard let last = try Self.records(of: segment).last else { throw CocoaError(.fileReadCorruptFile) }
        let whole = try Data(contentsOf: segment)
        let handle = try FileHandle(forUpdating: segment)
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(last.upperBound))
        try handle.write(contentsOf: whole[last].prefix(bytes))
    }
}
