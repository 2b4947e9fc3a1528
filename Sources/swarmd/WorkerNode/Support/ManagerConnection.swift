import GRPCCore
import GRPCNIOTransportHTTP2
import SwarmRPC

/// How this node connects to a manager, and how long its calls may take.
enum ManagerConnection {
    typealias Transport = HTTP2ClientTransport.Posix
    typealias Client = GRPCClient<Transport>

    /// How long a unary call, and the first message of a session, may take (SwarmKit `agent/session.go`).
    static let deadline: Duration = .seconds(5)
    /// The largest message that a manager may send: a complete assignment of a full node, with its secrets.
    static let messageLimit = Int(Int32.max)
    /// The flow control window: a complete assignment should not take many round trips.
    static let windowSize = 8 << 20

    /// Options of unary calls.
    static var unary: CallOptions {
        var options = CallOptions.defaults
        options.timeout = Self.deadline
        return options
    }

    /// Options of streams, whose end is the session's end.
    static var stream: CallOptions {
        var options = CallOptions.defaults
        options.maxResponseMessageBytes = Self.messageLimit
        // The transport takes its limit for what comes in from this one.
        options.maxRequestMessageBytes = Self.messageLimit
        return options
    }

    /// Connects to `address` as `nodeID`, runs `body`, and closes the connection.
    ///
    /// There is no back-off in here: where nobody listens the first call fails, and the caller tries again.
    static func withClient<Result: Sendable>(
        to address: ManagerAddress,
        nodeID: String?,
        _ body: (Client) async throws -> Result
    ) async throws -> Result {
        var config = HTTP2ClientTransport.Posix.Config.defaults
        // The name that managers' certificates carry (SwarmKit `ca/config.go`).
        config.http2.authority = "swarm-manager"
        config.http2.targetWindowSize = Self.windowSize
        // Small messages go out at once: a task's status is worth more than a packet saved.
        config.connection.flushCoalescing = nil
        let transport = try HTTP2ClientTransport.Posix(
            target: address.target,
            transportSecurity: .plaintext,
            config: config
        )
        let interceptors: [any ClientInterceptor] =
            nodeID.map { [NodeIdentityInterceptor(nodeID: $0)] } ?? []
        return try await withGRPCClient(transport: transport, interceptors: interceptors) {
            try await body($0)
        }
    }
}
