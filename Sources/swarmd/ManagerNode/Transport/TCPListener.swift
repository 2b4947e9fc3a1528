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
    ///
    /// Any address outside of `scope` is refused while connections are not encrypted.
    package init(
        address: String,
        scope: ListenScope = .loopback,
        security: any ListenerSecurity,
        eventLoopGroup: any EventLoopGroup
    ) throws(ListenError) {
        self.address = try Self.parse(address, scope)
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
    package static func check(_ text: String, _ scope: ListenScope) throws(ListenError) {
        _ = try Self.parse(text, scope)
    }

    /// The socket address that `text` names, if it is in `scope`.
    static func parse(
        _ text: String,
        _ scope: ListenScope = .loopback
    ) throws(ListenError) -> NIOCore.SocketAddress {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw .notAnAddress(text)
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.isEmpty { throw .notLoopback(text) }
        let name = host == "localhost" ? "127.0.0.1" : String(host)
        guard let address = try? NIOCore.SocketAddress(ipAddress: name, port: Int(port)) else {
            throw .notAnAddress(text)
        }
        switch scope {
        case .loopback: guard Self.isLoopback(address) else { throw .notLoopback(text) }
        case .isolatedNamespace: guard !Self.isUnspecified(address) else { throw .unspecified(text) }
        }
        return address
    }

    private static func isUnspecified(_ address: NIOCore.SocketAddress) -> Bool {
        ["0.0.0.0", "::"].contains(address.ipAddress)
    }

    private static func isLoopback(_ address: NIOCore.SocketAddress) -> Bool {
        switch address {
        case .v4: address.ipAddress?.hasPrefix("127.") ?? false
        case .v6: address.ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }
}
