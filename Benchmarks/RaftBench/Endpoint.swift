import Glibc
import LinuxSystem

/// Where a member takes writes.
enum Endpoint: Sendable, Equatable {
    /// A manager's control API.
    case manager(socket: String)
    /// The client port of an etcd member on this machine.
    case etcd(port: Int)

    /// Opens a stream socket to it.
    func connect() throws -> Descriptor {
        switch self {
        case .manager(let path): try Self.connectLocally(to: path)
        case .etcd(let port): try Self.connect(toPort: port)
        }
    }

    private static func connectLocally(to path: String) throws -> Descriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            place.copyBytes(from: path.utf8.prefix(place.count - 1))
        }
        return try Self.connect(AF_UNIX, address)
    }

    private static func connect(toPort port: Int) throws -> Descriptor {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let socket = try Self.connect(AF_INET, address)
        var isOn: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard setsockopt(socket.raw, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, size) == 0 else {
            throw SystemError.last("setsockopt")
        }
        return socket
    }

    private static func connect<Address>(_ family: Int32, _ address: Address) throws -> Descriptor {
        let raw = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError.last("socket") }
        let descriptor = Descriptor(owning: raw)
        let result = withUnsafeBytes(of: address) { bytes in
            Glibc.connect(
                raw,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
        guard result == 0 else { throw SystemError.last("connect") }
        return descriptor
    }
}
