import GRPCCore
import GRPCNIOTransportHTTP2
package import NIOCore
import NIOPosix
import Synchronization

/// A connection to a manager, of another manager or of a worker, made once and over when it breaks.
///
/// gRPC's own channel is not used: it retries where we want to know why dialling failed, holds on to an
/// attempt to connect that is cancelled, and may never end a call that is cancelled while it begins.
package enum ManagerConnection {
    /// What carries the calls.
    package typealias Transport = HTTP2ClientTransport.WrappedChannel
    /// What makes the calls.
    package typealias Client = GRPCClient<Transport>

    /// Connects to `server` within `patience`, runs `body`, and cuts the connection, which lives on `loop`.
    ///
    /// `security` shows who calls, and makes sure that whoever answers is `name`.
    /// Throws when the connection breaks, and at once when it is cancelled; an `RPCError` with the code UNAVAILABLE
    /// when there is none, whose cause is what made it fail, where that is known.
    package static func withClient<Result: Sendable>(
        to server: ServerAddress,
        security: any ConnectionSecurity,
        name: ServerName = .manager,
        within patience: Duration,
        on loop: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        _ body: @escaping @Sendable (Client) async throws -> Result
    ) async throws -> Result {
        let channels = DialledChannels()
        return try await withTaskCancellationHandler {
            let target = Target(server: server, name: name, security: security, patience: patience)
            let transport = try await Self.connect(to: target, on: loop, channels)
            let client = GRPCClient(transport: transport, interceptors: security.interceptors)
            do {
                return try await Self.run(client, channels, body)
            } catch let error as RPCError where error.code == .unavailable {
                guard let fault = channels.fault else { throw error }
                throw RPCError(
                    code: .unavailable,
                    message: "the connection to \(server) failed: \(fault)",
                    cause: fault
                )
            }
        } onCancel: {
            channels.close()
        }
    }

    private static func run<Result: Sendable>(
        _ client: Client,
        _ channels: DialledChannels,
        _ body: @escaping @Sendable (Client) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Optional<Result>.self) { group in
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
    }

    /// Whom to connect to, and how.
    private struct Target: Sendable {
        let server: ServerAddress
        let name: ServerName
        let security: any ConnectionSecurity
        let patience: Duration
    }

    private static func connect(
        to target: Target,
        on loop: any EventLoopGroup,
        _ channels: DialledChannels
    ) async throws -> Transport {
        var config = Transport.Config.defaults
        config.http2.authority = target.name.rawValue
        // A message that waits to share a packet with the next one delays a commit, or the news of a task.
        config.connection.flushCoalescing = nil
        do {
            return try await Transport.wrapping(config: config) { configure in
                try await Self.dial(target.server, within: target.patience, on: loop) { channel in
                    channels.adopt(channel)
                        .flatMap { target.security.secure(channel, to: target.name) }
                        .flatMap { channels.watch(channel) }
                        .flatMap { configure(channel) }
                }
            }
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(code: .unavailable, message: "can't connect to \(target.server)", cause: error)
        }
    }

    private static func dial(
        _ server: ServerAddress,
        within patience: Duration,
        on loop: any EventLoopGroup,
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Transport.ConfiguredChannel>
    ) async throws -> Transport.ConfiguredChannel {
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(patience))
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

/// The channels of a connection, so that it can be cut while it is made too.
private final class DialledChannels: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isClosed = false
        var fault: (any Error)?
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
        }
    }

    /// Puts our handlers above those that encrypt, and notes the first error that comes from there.
    func watch(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let note = FaultNote { error in self.state.withLock { $0.fault = $0.fault ?? error } }
            try channel.pipeline.syncOperations.addHandlers([note, PingResponder(isServer: false)])
        }
    }

    /// What the connection broke of, if it was not just closed.
    var fault: (any Error)? { self.state.withLock { $0.fault } }

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

/// Tells of errors that pass by.
private final class FaultNote: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let note: (any Error) -> Void

    init(_ note: @escaping (any Error) -> Void) { self.note = note }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.note(error)
        context.fireErrorCaught(error)
    }
}
