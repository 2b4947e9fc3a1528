package import GRPCNIOTransportHTTP2
package import Logging
package import NIOCore
import NIOPosix

/// Listens on a unix socket: the manager's local API.
package struct UnixListener: APIListener {
    package let eventLoopGroup: any EventLoopGroup
    private let file: UnixSocketFile
    private let log: Logger
    private let connections = OpenConnections()

    /// The directory of `path` is made if need be; the socket gets mode 0660.
    package init(path: String, eventLoopGroup: any EventLoopGroup, log: Logger) throws(ListenError) {
        self.file = try UnixSocketFile(path: path)
        self.eventLoopGroup = eventLoopGroup
        self.log = log
    }

    package func makeListeningChannel(
        listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel, Never> {
        try self.file.prepare()
        let (connections, log) = (self.connections, self.log)
        let channel = try await ServerBootstrap(group: self.eventLoopGroup)
            .serverChannelOption(.backlog, value: TransportLimits.backlog)
            .serverChannelInitializer { listenerConfigurator.configure(channel: $0) }
            .bind(unixDomainSocketPath: self.file.path, cleanupExistingSocketFile: false) {
                connectionConfigurator.configure($0, among: connections, log: log)
            }
        try self.file.restrict()
        return channel
    }

    package func release() async {
        await self.connections.close()
        self.file.remove()
    }
}
