import GRPCCore
internal import NIOCore
import Synchronization

/// The channels of a connection, so that it can be cut while it is made too.
final class DialledChannels: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isClosed = false
        var fault: (any Error)?
    }

    private let state = Mutex(State())

    /// Takes a channel that is about to connect.
    private func adopt(_ channel: any Channel) -> EventLoopFuture<Void> {
        let isClosed = self.state.withLock { state in
            if !state.isClosed { state.channels.append(channel) }
            return state.isClosed
        }
        return channel.eventLoop.makeCompletedFuture {
            guard !isClosed else { throw ChannelError.ioOnClosedChannel }
        }
    }

    /// Puts our handlers above those that encrypt, and notes the first error that comes from there.
    private func watch(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let note = FaultNote { error in self.state.withLock { $0.fault = $0.fault ?? error } }
            try channel.pipeline.syncOperations.addHandlers([note, PingResponder(isServer: false)])
        }
    }

    /// Connects as `dial` says and has `configure` put the handlers above those that encrypt.
    ///
    /// Throws what made it fail.
    func connect<Configured: Sendable>(
        _ dial: Dial,
        _ configure: @escaping @Sendable (any Channel) -> EventLoopFuture<Configured>
    ) async throws -> Configured {
        try await dial.connect { channel in
            self.adopt(channel)
                .flatMap { dial.security.secure(channel, to: dial.name) }
                .flatMap { self.watch(channel) }
                .flatMap { configure(channel) }
        }
    }

    /// Runs `body` with the connection, and cuts it then or when the task is cancelled.
    ///
    /// An `RPCError` that says no more than that there is no connection is given the reason.
    func during<Result: Sendable>(
        _ server: ServerAddress,
        _ body: () async throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationHandler {
            defer { self.close() }
            do { return try await body() } catch let error as RPCError where error.code == .unavailable {
                guard let fault = self.fault else { throw error }
                throw RPCError(
                    code: .unavailable,
                    message: "the connection to \(server) failed: \(ConnectionFault.text(fault))",
                    cause: fault
                )
            }
        } onCancel: {
            self.close()
        }
    }

    /// What the connection broke of, if it was not just closed.
    private var fault: (any Error)? { self.state.withLock { $0.fault } }

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
