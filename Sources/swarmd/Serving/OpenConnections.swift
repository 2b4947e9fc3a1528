import NIOCore
import Synchronization

/// The listening channel of a server, and the connections that it accepted and that are still open.
final class OpenConnections: Sendable {
    private struct State: Sendable {
        var listening: (any Channel)?
        var open: [ObjectIdentifier: (channel: any Channel, connection: NIOLoopBound<CallConnection>)] = [:]
        var isEnding = false
        /// Called when nothing is open any more, after the server was asked to stop.
        var ended: (@Sendable () -> Void)?

        /// What to call now, if that has come.
        mutating func endIfDone() -> (@Sendable () -> Void)? {
            self.isEnding && self.listening == nil && self.open.isEmpty ? self.ended.take() : nil
        }
    }

    private let state = Mutex(State())

    /// Remembers the channel that accepts; `ended` is called when it and all its connections are closed.
    func listen(on channel: any Channel, ended: @escaping @Sendable () -> Void) {
        let isEnding = self.state.withLock { state in
            state.listening = channel
            state.ended = ended
            return state.isEnding
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { state in
                state.listening = nil
                state.isEnding = true
                return state.endIfDone()
            }?()
        }
        if isEnding { channel.close(promise: nil) }
    }

    /// Holds a connection until it is closed; closes it at once when nobody will serve it any more.
    func add(_ channel: any Channel, _ connection: NIOLoopBound<CallConnection>) {
        let id = ObjectIdentifier(channel)
        let isEnding = self.state.withLock { state in
            state.open[id] = (channel, connection)
            return state.isEnding
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { state in
                state.open.removeValue(forKey: id)
                return state.endIfDone()
            }?()
        }
        if isEnding { channel.close(promise: nil) }
    }

    /// Stops accepting, and has each connection end when its calls have.
    func beginGracefulShutdown() {
        let (listening, open) = self.state.withLock { state in
            state.isEnding = true
            return (state.listening, Array(state.open.values))
        }
        listening?.close(promise: nil)
        for (channel, connection) in open {
            channel.eventLoop.execute { connection.value.beginGracefulShutdown() }
        }
    }

    /// Closes all that is open; returns when that is done.
    func close() async {
        let channels = self.state.withLock { state in
            state.isEnding = true
            return [state.listening].compactMap { $0 } + state.open.values.map(\.channel)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
