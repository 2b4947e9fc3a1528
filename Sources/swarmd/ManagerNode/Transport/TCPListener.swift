import Glibc
package import NIOCore
import NIOPosix

/// Listens on TCP: the manager's API for other machines.
package struct TCPListener: APIListener {
    package let security: any ListenerSecurity
    private let eventLoopGroup: any EventLoopGroup
    private let address: NIOCore.SocketAddress
    private let text: String

    /// Takes an address of the form `127.0.0.1:4242` or `[::1]:4242`; port 0 lets the kernel choose.
    package init(
        address: String,
        security: any ListenerSecurity,
        eventLoopGroup: any EventLoopGroup
    ) throws(ListenError) {
        self.address = try Self.parse(address)
        self.text = address
        self.eventLoopGroup = eventLoopGroup
        self.security = security
    }

    package func listen(
        _ prepare: @escaping @Sendable (any Channel, ConnectedPeer) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        do {
            return try await ServerBootstrap(group: self.eventLoopGroup)
                .serverChannelOption(.backlog, value: APIServer.backlog)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in self.accept(channel, prepare) }
                .bind(to: self.address)
                .get()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ListenError.addressInUse(self.text)
        }
    }

    package func release() {}

    /// Throws what `init` would throw for the address `text`.
    package static func check(_ text: String) throws(ListenError) {
        _ = try Self.parse(text)
    }

    /// The socket address that `text` names.
    static func parse(_ text: String) throws(ListenError) -> NIOCore.SocketAddress {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw .notAnAddress(text)
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let name = host == "localhost" ? "127.0.0.1" : String(host)
        guard let address = try? NIOCore.SocketAddress(ipAddress: name, port: Int(port)) else {
            throw .notAnAddress(text)
        }
        return address
    }
}
