import Glibc

/// Finds out why a unix socket cannot be reached.
enum SocketProbe {
    /// The longest path that a socket address holds, without its final zero byte.
    static let longestPath = 107

    /// Tries to connect to the socket at `path`; nil when that works.
    static func failure(at path: String) -> String? {
        switch self.connectError(path) {
        case 0: nil
        case ENOENT:
            "cannot reach the daemon at \(path): no such socket; is `swarmd run` running, with this --socket?"
        case EACCES, EPERM:
            "cannot reach the daemon at \(path): you may not open the socket; run as root or as its group"
        case ECONNREFUSED:
            "cannot reach the daemon at \(path): nothing listens there; is `swarmd run` running?"
        case let code:
            "cannot reach the daemon at \(path): \(String(cString: strerror(code))); "
                + "is `swarmd run` running, and may you open the socket?"
        }
    }

    /// The error number of a connection attempt; zero when it succeeds.
    private static func connectError(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        guard path.utf8.count <= Self.longestPath else { return ENAMETOOLONG }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 ? 0 : errno
    }
}
