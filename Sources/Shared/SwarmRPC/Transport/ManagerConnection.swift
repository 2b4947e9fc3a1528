import GRPCCore
import GRPCNIOTransportHTTP2
package import NIOCore
import NIOPosix

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
        let dial = Dial(server: server, name: name, security: security, patience: patience, loop: loop)
        return try await channels.during(server) {
            let transport = try await Self.connect(dial, channels)
            let client = GRPCClient(transport: transport, interceptors: Self.interceptors(security))
            return try await Self.run(client, channels, body)
        }
    }

    private static func interceptors(_ security: any ConnectionSecurity) -> [any ClientInterceptor] {
        security.metadata.isEmpty ? [] : [MetadataInterceptor(metadata: security.metadata)]
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

    private static func connect(_ dial: Dial, _ channels: DialledChannels) async throws -> Transport {
        var config = Transport.Config.defaults
        config.http2.authority = dial.name.rawValue
        // A message that waits to share a packet with the next one delays a commit, or the news of a task.
        config.connection.flushCoalescing = nil
        do {
            return try await Transport.wrapping(config: config) { configure in
                try await channels.connect(dial) { configure($0) }
            }
        } catch let error as RPCError {
            throw error
        } catch {
            throw Dial.failure(error, of: dial.server)
        }
    }
}

/// Puts metadata on every call, in the place of what it has of the same names.
private struct MetadataInterceptor: ClientInterceptor {
    let metadata: Metadata

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingClientRequest<Input>,
        context: ClientContext,
        next:
            @concurrent (StreamingClientRequest<Input>, ClientContext) async throws ->
            StreamingClientResponse<Output>
    ) async throws -> StreamingClientResponse<Output> {
        var request = request
        for (key, _) in self.metadata { request.metadata.removeAllValues(forKey: key) }
        request.metadata.add(contentsOf: self.metadata)
        return try await next(request, context)
    }
}
