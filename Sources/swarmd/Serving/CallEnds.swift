import NIOCore

/// The two ends of a connection, as gRPC writes them.
package struct CallEnds: Sendable {
    /// The caller's: "ipv4:127.0.0.1:1234", "ipv6:[::1]:1234" or "unix:/run/swarmd.sock".
    package let remote: String
    /// Ours, in the same forms.
    package let local: String
    /// The caller's network address without port, where it has one.
    package let host: String?
    /// Who is at the other end, as whoever prepared the connection found.
    package let caller: any Sendable

    /// The ends of `channel`, which must be connected; `caller` is at the other one.
    init(of channel: any Channel, caller: any Sendable) {
        self.caller = caller
        let (remote, local) = (channel.remoteAddress, channel.localAddress)
        self.remote = Self.text(of: remote, else: local)
        self.local = Self.text(of: local, else: remote)
        self.host = remote?.ipAddress
    }

    /// A client of a unix socket has no name there: the socket's own stands for it.
    private static func text(of address: SocketAddress?, else other: SocketAddress?) -> String {
        let paths = [address, other].compactMap { $0?.pathname }.filter { !$0.isEmpty }
        if let path = paths.first { return "unix:\(path)" }
        guard let host = address?.ipAddress, let port = address?.port else { return "unix:" }
        return host.contains(":") ? "ipv6:[\(host)]:\(port)" : "ipv4:\(host):\(port)"
    }
}
