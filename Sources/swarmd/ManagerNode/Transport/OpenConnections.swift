import GRPCNIOTransportHTTP2
import NIOCore
import Synchronization

/// The connections that a listener accepted and that are still open.
///
/// NIO traps when the last reference to an open connection goes, or to an open stream of one; and a server that is
/// cancelled drops those that it had not taken yet. So connections are held here, and closed with their streams
/// before the server is cancelled, which `Shield` puts off until then.
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

    /// Closes what is still open, and what comes from now on; returns when the former is closed.
    func close() async {
        let channels = self.state.withLock { state in
            state.isClosed = true
            return state.open.values.map(\.channel)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
