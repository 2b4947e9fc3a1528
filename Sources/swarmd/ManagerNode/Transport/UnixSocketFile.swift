import CLinux
import Glibc

/// The file of a unix socket: made ready for binding, given its mode, and cleaned up.
struct UnixSocketFile: Sendable {
    /// `sockaddr_un.sun_path` without the final zero.
    static let longestPath = 107
    /// Owner and group may connect.
    static let mode: mode_t = 0o660
    /// Only the owner and group may look for sockets in a directory that we make.
    static let directoryMode: mode_t = 0o750

    let path: String
    /// Whose group may connect, if not the process's.
    let group: UInt32?

    init(path: String, group: UInt32? = nil) throws(ListenError) {
        guard path.utf8.count <= Self.longestPath else {
            throw .pathTooLong(path: path, bytes: path.utf8.count)
        }
        self.path = path
        self.group = group
    }

    /// Creates the directory, and removes a socket on which nobody listens any more.
    func prepare() throws(ListenError) {
        try Self.makeDirectories(for: self.path)
        guard swarmd_path_mode(self.path) >= 0 else { return }
        try self.checkFree()
        guard unlink(self.path) == 0 || errno == ENOENT else {
            throw .system(operation: "remove the stale socket", path: self.path, errno: errno)
        }
    }

    /// Throws if something is there that is no socket, or a socket on which another process listens.
    func checkFree() throws(ListenError) {
        guard swarmd_path_mode(self.path) >= 0 else { return }
        guard self.isSocket else { throw .notASocket(path: self.path) }
        guard !self.isAnswered() else { throw .inUse(path: self.path) }
    }

    /// Makes a socket that is bound to the path; the caller's to close.
    func bind() throws(ListenError) -> CInt {
        let descriptor = Self.open()
        guard descriptor >= 0 else {
            throw .system(operation: "make a socket for", path: self.path, errno: errno)
        }
        guard self.withAddress({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
            let error = errno
            close(descriptor)
            throw .system(operation: "bind a socket to", path: self.path, errno: error)
        }
        return descriptor
    }

    /// Gives the bound socket its group and its mode.
    func restrict() throws(ListenError) {
        if let group, chown(self.path, uid_t.max, group) != 0 {
            throw .system(operation: "set the group of", path: self.path, errno: errno)
        }
        guard chmod(self.path, Self.mode) == 0 else {
            throw .system(operation: "set the mode of", path: self.path, errno: errno)
        }
    }

    /// Removes the socket after use, unless another process listens on it by now.
    ///
    /// What is no socket was never ours.
    func remove() {
        if self.isSocket, !self.isAnswered() { unlink(self.path) }
    }

    private var isSocket: Bool {
        let mode = swarmd_path_mode(self.path)
        return mode >= 0 && mode_t(mode) & S_IFMT == S_IFSOCK
    }

    /// Whether some process accepts connections on the socket.
    private func isAnswered() -> Bool {
        let descriptor = Self.open()
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        let result = self.withAddress { connect(descriptor, $0, $1) }
        // Any other failure, such as a missing permission, does not show that the owner is gone.
        return result == 0 || (errno != ECONNREFUSED && errno != ENOENT)
    }

    private static func open() -> CInt {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }

    private func withAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: self.path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func makeDirectories(for path: String) throws(ListenError) {
        var place = path.startIndex
        while let slash = path[place...].firstIndex(of: "/") {
            place = path.index(after: slash)
            let directory = String(path[..<slash])
            guard directory.isEmpty || mkdir(directory, Self.directoryMode) == 0 || errno == EEXIST else {
                throw .system(operation: "create the directory", path: directory, errno: errno)
            }
        }
    }
}
