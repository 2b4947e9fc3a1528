package import GRPCNIOTransportHTTP2
package import SwarmRPC
import GRPCCore

/// A connection to a manager's local socket, with a typed client for each service behind it.
///
/// The methods beside this file (`services()`, `update(_:)`, ...) are what commands call: each has a
/// deadline and throws ``ControlError``. The stubs are for streams.
package struct ControlClient: Sendable {
    package typealias Transport = HTTP2ClientTransport.Posix

    package let control: SwarmControl.Client<Transport>
    package let watch: SwarmWatch.Client<Transport>
    package let logs: SwarmLogs.Client<Transport>
    package let console: SwarmdConsole.Client<Transport>
    package let maintenance: SwarmdMaintenance.Client<Transport>
    package let authority: SwarmCA.Client<Transport>
    package let daemon: SwarmdNodeControl.Client<Transport>
    package let audit: SwarmdAudit.Client<Transport>
    /// The path of the socket, for messages.
    package let socket: String

    private init(_ client: GRPCClient<Transport>, socket: String) {
        self.control = .init(wrapping: client)
        self.watch = .init(wrapping: client)
        self.logs = .init(wrapping: client)
        self.console = .init(wrapping: client)
        self.maintenance = .init(wrapping: client)
        self.authority = .init(wrapping: client)
        self.daemon = .init(wrapping: client)
        self.audit = .init(wrapping: client)
        self.socket = socket
    }

    /// Connects to the socket at `path`, runs `body`, and closes the connection.
    ///
    /// The connection is made lazily: where nothing listens, the first call throws `unavailable`. An
    /// `RPCError` that leaves `body` arrives as a ``ControlError``.
    package static func withConnection<Result: Sendable>(
        to path: String,
        _ body: @Sendable @escaping (ControlClient) async throws -> Result
    ) async throws -> Result {
        guard path.utf8.count <= SocketProbe.longestPath else {
            throw ControlError(.unreachable, "the socket path \(path) is longer than a path may be")
        }
        var config = HTTP2ClientTransport.Posix.Config.defaults
        // The name that SwarmKit's clients give, and a valid :authority where a path is not.
        config.http2.authority = "localhost"
        // One request at a time: waiting to fill a packet only costs time.
        config.connection.flushCoalescing = nil
        do {
            let transport = try HTTP2ClientTransport.Posix(
                target: .unixDomainSocket(path: path),
                transportSecurity: .plaintext,
                config: config
            )
            return try await withGRPCClient(transport: transport) { client in
                try await body(ControlClient(client, socket: path))
            }
        } catch let error as RPCError {
            throw ControlError(error, socket: path)
        }
    }
}
