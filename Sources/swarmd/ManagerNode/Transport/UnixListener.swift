package import NIOCore
import NIOPosix

/// Listens on a unix socket: the manager's local API.
package struct UnixListener: APIListener {
    package let security: any ListenerSecurity
    private let eventLoopGroup: any EventLoopGroup
    private let file: UnixSocketFile

    /// The directory of `path` is made if need be; the socket gets mode 0660 and belongs to `group`, if one is
    /// given.
    package init(
        path: String,
        group: UInt32? = nil,
        security: any ListenerSecurity,
        eventLoopGroup: any EventLoopGroup
    ) throws(ListenError) {
        self.file = try UnixSocketFile(path: path, group: group)
        self.eventLoopGroup = eventLoopGroup
        self.security = security
    }

    package func listen(
        _ prepare: @escaping @Sendable (any Channel, ConnectedPeer) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        try self.file.prepare()
        let channel = try await ServerBootstrap(group: self.eventLoopGroup)
            .serverChannelOption(.backlog, value: APIServer.backlog)
            .childChannelInitializer { channel in self.accept(channel, prepare) }
            .bind(unixDomainSocketPath: self.file.path, cleanupExistingSocketFile: false)
            .get()
        try self.file.restrict()
        return channel
    }

    package func release() { self.file.remove() }
}
