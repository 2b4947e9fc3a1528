import Replication
import Testing

struct SnapshotFilesTests {
    private let scratch: ScratchDirectory
    private let key: DataKey

    init() throws {
        self.scratch = try ScratchDirectory()
        self.key = try #require(testKey)
    }

    private func files(_ key: DataKey? = nil) throws -> SnapshotFiles {
        let keys = DataKeyRing(key ?? self.key)
        return try SnapshotFiles(directory: self.scratch.raft, keys: keys, fileSystem: PosixFileSystem())
    }

    private func names() throws -> [String] { try PosixFileSystem().names(in: self.scratch.raft) }

    @Test func `the newest snapshot is kept and read`() throws {
        let files = try self.files()
        #expect(try files.load() == nil)
        try files.store(StoredSnapshot(term: 1, index: 9, bytes: [1]))
        let newest = StoredSnapshot(term: 2, index: 300, bytes: Array(repeating: 7, count: 100_000))
        try files.store(newest)
        #expect(try files.load() == newest)
        #expect(try self.names().count == 1)
    }

    @Test func `an unfinished snapshot is removed`() throws {
        try self.files().store(StoredSnapshot(term: 1, index: 9, bytes: [1]))
        try writeFile(self.scratch.raft + "/0000000000000010.snap.tmp", [1, 2, 3])
        #expect(try self.files().load()?.index == 9)
        #expect(try self.names().count == 1)
    }

    @Test func `a flipped bit anywhere is refused`() throws {
        let files = try self.files()
        try files.store(StoredSnapshot(term: 1, index: 9, bytes: [1, 2, 3]))
        let path = self.scratch.raft + "/" + (try self.names()[0])
        let whole = try readFile(path)
        for byte in whole.indices {
            var damaged = whole
            damaged[byte] ^= 0x10
            try writeFile(path, damaged)
            #expect(throws: LogError.self, "byte \(byte)") { try files.load() }
        }
        for cut in whole.indices {
            try writeFile(path, Array(whole[..<cut]))
            #expect(throws: LogError.self, "cut at \(cut)") { try files.load() }
        }
    }

    @Test func `another key and a later format are refused`() throws {
        try self.files().store(StoredSnapshot(term: 1, index: 9, bytes: [1, 2, 3]))
        let path = self.scratch.raft + "/" + (try self.names()[0])
        #expect(throws: LogError.wrongKey(path: path)) { try self.files(DataKey()).load() }
        var bytes = try readFile(path)
        bytes[8] = 9
        try writeFile(path, bytes)
        #expect(throws: LogError.newerFormat(path: path, version: 9, supported: 3)) {
            try self.files().load()
        }
    }
}
