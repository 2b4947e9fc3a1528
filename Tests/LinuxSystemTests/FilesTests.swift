import Glibc
import Testing

@testable import LinuxSystem

/// A directory that is gone after the test.
func withScratch(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/swarmd-linux-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError.last("mkdtemp") }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { try? Files.removeTree(path) }
    try await body(path)
}

@Suite struct FilesTests {
    @Test func `a failure names the call, the path and the reason`() {
        let error = #expect(throws: SystemError.self) { try Files.read("/no/such/file") }
        #expect(error.map { "\($0)" } == "open /no/such/file: No such file or directory")
        #expect(error?.isMissing == true)
    }

    @Test func `a tree goes and what its links point to stays`() async throws {
        try await withScratch { scratch in
            try Files.makeDirectories("\(scratch)/a/b")
            try Files.makeDirectories("\(scratch)/kept")
            #expect(symlink("\(scratch)/kept", "\(scratch)/a/b/link") == 0)
            try Files.removeTree("\(scratch)/a")
            #expect(try Files.names(in: scratch) == ["kept"])
            try Files.removeTree("\(scratch)/a")
        }
    }
}

@Suite struct DurableFileTests {
    @Test func `what was written is read and nothing else is left`() async throws {
        try await withScratch { scratch in
            let path = "\(scratch)/record"
            #expect(try DurableFile.read(path, kind: "test", version: 1) == nil)
            try DurableFile.write([1, 2, 0x0a, 3], to: path, kind: "test", version: 1)
            #expect(try DurableFile.read(path, kind: "test", version: 1) == [1, 2, 0x0a, 3])
            #expect(try Files.names(in: scratch) == ["record"])
        }
    }

    @Test func `a later version is refused and a damaged file is told`() async throws {
        try await withScratch { scratch in
            let path = "\(scratch)/record"
            try DurableFile.write([1], to: path, kind: "test", version: 2)
            #expect(throws: DurableFile.Fault.newer(path: path, version: 2, known: 1)) {
                try DurableFile.read(path, kind: "test", version: 1)
            }
            #expect(throws: DurableFile.Fault.damaged(path: path)) {
                try DurableFile.read(path, kind: "other", version: 2)
            }
            try Descriptor.open(path, O_WRONLY | O_APPEND).write([9])
            #expect(throws: DurableFile.Fault.damaged(path: path)) {
                try DurableFile.read(path, kind: "test", version: 2)
            }
        }
    }

    @Test func `the checksum is the one of zip`() {
        #expect(Checksum.crc32(Array("123456789".utf8)) == 0xcbf4_3926)
    }
}

@Suite struct FileLockTests {
    @Test func `a lock is held by one and ends with its owner`() async throws {
        try await withScratch { scratch in
            let path = "\(scratch)/lock"
            #expect(try !FileLock.isHeld(path))
            try self.holdAlone(path)
            #expect(try !FileLock.isHeld(path))
            try self.holdAlone(path)
        }
    }

    private func holdAlone(_ path: String) throws {
        let lock = try FileLock.acquire(path)
        let isFirst = lock != nil
        #expect(isFirst)
        #expect(try FileLock.isHeld(path))
        let second = try FileLock.acquire(path)
        let isSecond = second != nil
        #expect(!isSecond)
        _ = consume lock
    }
}
