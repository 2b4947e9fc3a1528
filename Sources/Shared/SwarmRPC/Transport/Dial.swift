import GRPCCore
internal import NIOCore
import NIOPosix

/// Whom to connect to, and how.
struct Dial: Sendable {
    let server: ServerAddress
    /// Whom the certificate must name.
    let name: ServerName
    let security: any ConnectionSecurity
    /// How long the connection may take.
    let patience: Duration
    /// Where it lives.
    let loop: any EventLoopGroup

    /// Connects; `initialize` prepares each channel before that is tried.
    func connect<Configured: Sendable>(
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Configured>
    ) async throws -> Configured {
        let bootstrap = ClientBootstrap(group: self.loop).connectTimeout(TimeAmount(self.patience))
        // A name goes to the resolver, which takes its time for a number too.
        if let numeric = try? SocketAddress(ipAddress: self.server.host, port: self.server.port) {
            return try await bootstrap.connect(to: numeric, channelInitializer: initialize)
        }
        return try await bootstrap.connect(
            host: self.server.host,
            port: self.server.port,
            channelInitializer: initialize
        )
    }

    /// What a caller hears where `server` can't be connected to because of `error`.
    static func failure(_ error: any Error, of server: ServerAddress) -> RPCError {
        RPCError(code: .unavailable, message: "can't connect to \(server)", cause: error)
    }
}
