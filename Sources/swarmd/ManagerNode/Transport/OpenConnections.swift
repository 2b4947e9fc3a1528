import GRPCNIOTransportHTTP2
import NIOCore
import Synchronization

/// The connections that a listener accepted and that are still open.
///
/// A server that is cancelled drops connections which it had not taken yet. NIO traps when the last reference
/// to such a connection goes before the connection is closed; so they are held here until then.
final class OpenConnections: Sendable {
    typealias Connection = HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel

    private struct State: Sendable {
        var open: [ObjectIdentifier: (channel: any Channel, connection: Connection)] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Holds a connection until it is closed; closes it at once when nobody will serve it any more.
    func add(_ connection: Connection, on channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isClosed = self.state.withLock { state in
            state.open[id] = (channel, connection)
            return state.isClosed
        }
        // The last reference may be the one that leaves the lock here.
        channel.closeFuture.whenComplete { _ in _ = self.state.withLock { $0.open.removeValue(forKey: id) } }
        if isClosed { channel.close(promise: nil) }
    }

    /// Closes what is still open, and what comes from now on.
    func close() {
        let channels = self.state.withLock { state in
            state.isClosed = true
            return state.open.values.map(\.channel)
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
