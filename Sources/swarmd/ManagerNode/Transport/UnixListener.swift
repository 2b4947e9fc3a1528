package import Logging
package import NIOCore
import NIOPosix

/// Listens on a unix socket: the manager's local API.
package struct UnixListener: APIListener {
    private let eventLoopGroup: any EventLoopGroup
    private let file: UnixSocketFile
    private let log: Logger

    /// The directory of `path` is made if need be; the socket gets mode 0660.
    package init(path: String, eventLoopGroup: any EventLoopGroup, log: Logger) throws(ListenError) {
        self.file = try UnixSocketFile(path: path)
        self.eventLoopGroup = eventLoopGroup
        self.log = log
    }

    package func listen(
        _ prepare: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        try self.file.prepare()
        let channel = try await ServerBootstrap(group: self.eventLoopGroup)
            .serverChannelOption(.backlog, value: APIServer.backlog)
            .childChannelInitializer { channel in
                self.addHandlers(to: channel, log: self.log).flatMap { prepare(channel) }
            }
            .bind(unixDomainSocketPath: self.file.path, cleanupExistingSocketFile: false)
            .get()
        try self.file.restrict()
        return channel
    }

    package func release() { self.file.remove() }
}
