import Glibc
import Testing

@testable import ManagerNode

struct UnixSocketFileTests {
    /// Runs `body` with a fresh directory, which is removed again.
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = "/tmp/swarmd-test-\(LoopbackManager.makeID())"
        #expect(mkdir(directory, 0o700) == 0)
        defer { for name in ["/s.sock", "/file", "/a/b", "/a", ""] { remove(directory + name) } }
        try body(directory)
    }

    /// A socket that is bound to `path`; with `listens` it accepts connections.
    private func bind(_ path: String, listens: Bool) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        if listens { #expect(listen(descriptor, 1) == 0) }
        return descriptor
    }

    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test func `the longest path is 107 bytes`() {
        let path = "/" + String(repeating: "x", count: 106)
        #expect(throws: Never.self) { try UnixSocketFile(path: path) }
        #expect(throws: ListenError.pathTooLong(path: path + "y", bytes: 108)) {
            try UnixSocketFile(path: path + "y")
        }
    }

    @Test func `the directories on the way are made`() throws {
        try self.inDirectory { directory in
            let file = try UnixSocketFile(path: directory + "/a/b/s.sock")
            try file.prepare()
            #expect(self.exists(directory + "/a/b"))
        }
    }

    @Test func `a stale socket is removed`() throws {
        try self.inDirectory { directory in
            let path = directory + "/s.sock"
            close(self.bind(path, listens: false))
            try UnixSocketFile(path: path).prepare()
            #expect(!self.exists(path))
        }
    }

    @Test func `a socket that is in use is left alone`() throws {
        try self.inDirectory { directory in
            let path = directory + "/s.sock"
            let descriptor = self.bind(path, listens: true)
            defer { close(descriptor) }
            let file = try UnixSocketFile(path: path)
            #expect(throws: ListenError.inUse(path: path)) { try file.prepare() }
            file.remove()
            #expect(self.exists(path))
        }
    }

    @Test func `a file that is no socket is left alone`() throws {
        try self.inDirectory { directory in
            let path = directory + "/file"
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            #expect(throws: ListenError.notASocket(path: path)) { try UnixSocketFile(path: path).prepare() }
            // Neither does the listener that gives up take it away.
            try UnixSocketFile(path: path).remove()
            #expect(self.exists(path))
        }
    }
}
