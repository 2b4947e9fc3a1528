import Glibc
import NIOCore

/// A look at where a manager is to listen, before anything is made for it.
///
/// Another program can still come first; then listening fails, as late as it ever does.
package enum ListenCheck {
    /// Throws if `address` is no TCP address of this machine, or is taken.
    package static func check(address: String) throws(ListenError) {
        let parsed = try TCPListener.parse(address)
        let family: Int32 =
            switch parsed {
            case .v6: AF_INET6
            case .v4, .unixDomainSocket: AF_INET
            }
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw .system(operation: "make a socket for", path: address, errno: errno)
        }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let result = parsed.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        guard result != 0 else { return }
        switch errno {
        case EADDRINUSE: throw .addressInUse(address)
        case EADDRNOTAVAIL: throw .foreignAddress(address)
        default: throw .system(operation: "listen on", path: address, errno: errno)
        }
    }
}
