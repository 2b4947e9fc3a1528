import GRPCCore
import GRPCNIOTransportHTTP2
import NIOCore
import NIOPosix
import SwarmRPC
import Synchronization

/// A connection to another member, made once and over when it breaks.
///
/// gRPC's own channel is not used: it retries where we want to know why dialling failed, holds on to an
/// attempt to connect that is cancelled, and may never end a call that is cancelled while it begins.
enum PeerConnection {
    typealias Transport = HTTP2ClientTransport.WrappedChannel
    typealias Client = GRPCClient<Transport>

    /// Why an address can't be dialled.
    struct BadAddress: Error {
        let text: String
    }

    /// Connects to `address` within `patience`, runs `body` as `nodeID`, and cuts the connection, which lives
    /// on `loop`.
    ///
    /// Throws when the connection breaks, and at once when it is cancelled.
    static func withClient<Result: Sendable>(
        to address: String,
        nodeID: String,
        within patience: Duration,
        on loop: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        _ body: @escaping @Sendable (Client) async throws -> Result
    ) async throws -> Result {
        guard let server = ServerAddress(address) else { throw BadAddress(text: address) }
        let channels = PeerChannels()
        return try await withTaskCancellationHandler {
            let transport = try await Self.connect(to: server, within: patience, on: loop, channels)
            let identity = NodeIdentityInterceptor(nodeID: nodeID)
            let client = GRPCClient(transport: transport, interceptors: [identity])
            return try await withThrowingTaskGroup(of: Optional<Result>.self) { group in
                defer {
                    channels.close()
                    group.cancelAll()
                }
                group.addTask {
                    try await client.runConnections()
                    return nil
                }
                group.addTask { try await body(client) }
                guard let result = try await group.next() ?? nil else {
                    throw RPCError(code: .unavailable, message: "the connection was closed")
                }
                return result
            }
        } onCancel: {
            channels.close()
        }
    }

    private static func connect(
        to server: ServerAddress,
        within patience: Duration,
        on loop: any EventLoopGroup,
        _ channels: PeerChannels
    ) async throws -> Transport {
        var config = Transport.Config.defaults
        // The name that managers' certificates carry (SwarmKit `ca/config.go`).
        config.http2.authority = "swarm-manager"
        // A message that waits to share a packet with the next one delays a commit.
        config.connection.flushCoalescing = nil
        return try await Transport.wrapping(config: config) { configure in
            let bootstrap = ClientBootstrap(group: loop)
                .connectTimeout(TimeAmount(patience))
            let initialize: @Sendable (any Channel) -> EventLoopFuture<Transport.ConfiguredChannel> = {
                channel in
                channels.adopt(channel).flatMap { configure(channel) }
            }
            // A name goes to the resolver, which takes its time for a number too.
            if let numeric = try? NIOCore.SocketAddress(ipAddress: server.host, port: server.port) {
                return try await bootstrap.connect(to: numeric, channelInitializer: initialize)
            }
            return try await bootstrap.connect(
                host: server.host,
                port: server.port,
                channelInitializer: initialize
            )
        }
    }
}

/// The channels of a connection, so that it can be cut while it is made too.
private final class PeerChannels: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Takes a channel that is about to connect.
    func adopt(_ channel: any Channel) -> EventLoopFuture<Void> {
        let isClosed = self.state.withLock { state in
            if !state.isClosed { state.channels.append(channel) }
            return state.isClosed
        }
        return channel.eventLoop.makeCompletedFuture {
            guard !isClosed else { throw ChannelError.ioOnClosedChannel }
            try channel.pipeline.syncOperations.addHandler(PingResponder(isServer: false))
        }
    }

    /// Closes every channel; those to come fail.
    func close() {
        let channels = self.state.withLock { state in
            state.isClosed = true
            defer { state.channels = [] }
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
