import Crypto
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import Replication

/// Snapshot files of several frames, and of the formats before frames.
struct SnapshotFormatTests {
    private let scratch: ScratchDirectory
    private let key: DataKey
    private let files: SnapshotFiles
    private var path: String { self.scratch.raft + "/0000000000000009.snap" }

    init() throws {
        self.scratch = try ScratchDirectory()
        self.key = try #require(testKey)
        let files = PosixFileSystem()
        let keys = DataKeyRing(self.key)
        self.files = try SnapshotFiles(directory: self.scratch.raft, keys: keys, fileSystem: files)
    }

    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
    }

    @Test(arguments: [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])
    func `slices of any size come back as one`(count: Int) throws {
        let bytes = Self.bytes(count)
        let slices = stride(from: 0, to: count, by: 300_007).map {
            Array(bytes[$0..<min($0 + 300_007, count)])
        }
        let configuration = RaftConfState.with { $0.voters = [4, 5] }
        try self.files.store(term: 2, index: 9, configuration: configuration, slices: slices)
        let stored = StoredSnapshot(term: 2, index: 9, configuration: configuration, bytes: bytes)
        #expect(try self.files.load() == stored)
    }

    @Test func `a snapshot is read to its end though a newer one took its place`() throws {
        try self.files.store(StoredSnapshot(term: 1, index: 9, bytes: Self.bytes(3_000_000)))
        var reader = try #require(try self.files.newest())
        try self.files.store(StoredSnapshot(term: 1, index: 10, bytes: [1]))
        var bytes: [UInt8] = []
        while let part = try reader.next() {
            #expect(part.count <= SnapshotFrames.textBytes)
            bytes += part
        }
        #expect(bytes == Self.bytes(3_000_000))
    }

    @Test func `frames that are left out or moved are refused`() throws {
        try self.files.store(StoredSnapshot(term: 1, index: 9, bytes: Self.bytes(3_500_000)))
        let whole = try readFile(self.path)
        let head = Array(whole[..<SnapshotHead.size])
        let frame = SnapshotFrames.textBytes + SnapshotFrames.tagBytes + SnapshotFrames.prefixBytes
        let frames = stride(from: SnapshotHead.size, to: whole.count, by: frame).map {
            Array(whole[$0..<min($0 + frame, whole.count)])
        }
        try #require(frames.count == 4)
        for kept in [[0, 1, 2], [0, 2, 3], [1, 0, 2, 3], [0, 1, 3, 2], [3], []] {
            let body = kept.flatMap { frames[$0] }
            var fitting = try SnapshotHead(head, path: self.path)
            fitting.bodyBytes = UInt64(body.count)
            try writeFile(self.path, fitting.bytes + body)
            #expect(throws: LogError.self, "\(kept)") { try self.files.load() }
        }
        try writeFile(self.path, whole)
        #expect(try self.files.load()?.bytes.count == 3_500_000)
    }

    @Test(arguments: [UInt32(1), 2]) func `files of older formats are read`(version: UInt32) throws {
        let configuration = RaftConfState.with { $0.voters = version == 1 ? [] : [4] }
        let encoded: [UInt8] = try configuration.serializedBytes()
        var text: [UInt8] = []
        if version == 2 {
            text.append(number: UInt32(encoded.count))
            text += encoded
        }
        var file = Array("SWARMSNP".utf8)
        file.append(number: version)
        file.append(number: UInt32(SnapshotHead.size))
        file += Array(0..<16)
        file.append(number: UInt64(2))
        file.append(number: UInt64(9))
        file.append(number: self.key.fingerprint)
        let box = try AES.GCM.seal(text + [1, 2, 3], using: self.key.fileKey(header: file))
        let body = try Array(#require(box.combined))
        file.append(number: UInt64(body.count))
        file.append(number: CRC32C.of(body))
        file += [UInt8](repeating: 0, count: SnapshotHead.size - 4 - file.count)
        file.append(number: CRC32C.of(file))
        try writeFile(self.path, file + body)
        let stored = StoredSnapshot(term: 2, index: 9, configuration: configuration, bytes: [1, 2, 3])
        #expect(try self.files.load() == stored)
    }
}
