import Glibc
import Replication
import Testing

struct DataKeyFileTests {
    private let scratch: ScratchDirectory
    private let file: DataKeyFile

    init() throws {
        self.scratch = try ScratchDirectory()
        self.file = DataKeyFile(directory: self.scratch.path)
    }

    @Test func `a key that was created opens what it encrypted after it is loaded`() throws {
        #expect(try self.file.load() == nil)
        let key = try self.file.create()
        let directory = self.scratch.path + "/snapshots"
        let snapshot = StoredSnapshot(term: 1, index: 1, bytes: [1])
        let written = DataKeyRing(key)
        try SnapshotFiles(directory: directory, keys: written, fileSystem: PosixFileSystem()).store(snapshot)
        let loaded = try #require(try self.file.load())
        let read = DataKeyRing(loaded)
        let files = try SnapshotFiles(directory: directory, keys: read, fileSystem: PosixFileSystem())
        #expect(try files.load() == snapshot)
        try self.file.remove()
        #expect(try self.file.load() == nil)
        try self.file.remove()
    }

    @Test func `only its owner may read it`() throws {
        _ = try self.file.create()
        #expect(try PosixFileSystem().open(self.file.path, create: false).mode() == 0o600)
        #expect(chmod(self.file.path, 0o640) == 0)
        #expect(throws: LogError.exposedKey(path: self.file.path, mode: 0o640)) { try self.file.load() }
    }

    @Test func `a damaged key and a later format are refused`() throws {
        _ = try self.file.create()
        let whole = try readFile(self.file.path)
        let cases: [(byte: Int, error: LogError)] = [
            (20, .corrupt(path: self.file.path, offset: 0, reason: "the checksum does not match")),
            (8, .newerFormat(path: self.file.path, version: 5, supported: 1)),
            (0, .foreignFile(path: self.file.path)),
        ]
        for (byte, error) in cases {
            var damaged = whole
            damaged[byte] ^= 4
            try writeFile(self.file.path, damaged)
            #expect(throws: error) { try self.file.load() }
        }
    }

    @Test func `a key has exactly 32 bytes`() {
        #expect(DataKey(bytes: Array(0..<31)) == nil)
        #expect(DataKey(bytes: Array(0..<32)) != nil)
    }
}
