import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Accepts the connections of one listening socket on several event loops.
///
/// NIO ties connections to the loops of the group that listens, in turn. Here the loop that has what all calls need is to
/// have the first few connections, so that a lone caller's calls never change threads, and another one those that follow,
/// which would keep it from its work. So each loop listens for itself, on a duplicate of one descriptor, and they
/// accept one connection at a time, whoever's turn it is.
final class SpreadListening: Sendable {
    /// How many connections the first loop takes before others do.
    static let firstConnections = 4
    /// One in so many of the others is the first loop's too: about what it has left to do beside the store's work.
    static let firstShare = 3

    private struct State {
        var channels: [any Channel] = []
        /// The connections that are open on each.
        var open: [Int] = []
    }

    private let state = Mutex(State())

    /// Listens on the bound socket `descriptor`, which it takes over, on each of `loops`; `prepare` gets each connection.
    ///
    /// Returns the channel that ends all of them when it is closed.
    static func listen(
        on descriptor: CInt,
        loops: [any EventLoop],
        backlog: Int32,
        _ prepare: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        precondition(!loops.isEmpty, "nowhere to listen")
        let spread = SpreadListening()
        do {
            for (place, loop) in loops.enumerated() {
                // NIO closes what it is given, also when it throws.
                let own = place == loops.count - 1 ? descriptor : dup(descriptor)
                let channel = try await ServerBootstrap(group: loop)
                    .serverChannelOption(.backlog, value: backlog)
                    .serverChannelOption(.autoRead, value: false)
                    .serverChannelOption(.maxMessagesPerRead, value: 1)
                    .serverChannelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(Turn(spread, place))
                        }
                    }
                    .childChannelInitializer(prepare)
                    .withBoundSocket(own)
                    .get()
                spread.state.withLock { state in
                    state.channels.append(channel)
                    state.open.append(0)
                }
            }
        } catch {
            for channel in spread.state.withLock(\.channels) { channel.close(promise: nil) }
            throw error
        }
        return spread.begin()
    }

    private func begin() -> any Channel {
        let channels = self.state.withLock(\.channels)
        channels[0].closeFuture.whenComplete { _ in
            for channel in channels.dropFirst() { channel.close(promise: nil) }
        }
        self.pass()
        return channels[0]
    }

    /// Whose turn it is where so many connections are `open`.
    static func turn(_ open: [Int]) -> Int {
        let isFirst = open[0] < Self.firstConnections || open[0] * Self.firstShare < open.reduce(0, +)
        guard open.count > 1, !isFirst else { return 0 }
        return open.indices.dropFirst().min { open[$0] < open[$1] } ?? 0
    }

    private func pass() {
        let next = self.state.withLock { state in state.channels[Self.turn(state.open)] }
        next.read()
    }

    private func opened(_ channel: any Channel, at place: Int) {
        self.state.withLock { $0.open[place] += 1 }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.open[place] -= 1 } }
    }

    /// Passes the turn on when a connection was accepted.
    private final class Turn: ChannelInboundHandler {
        typealias InboundIn = any Channel

        private let spread: SpreadListening
        private let place: Int

        init(_ spread: SpreadListening, _ place: Int) {
            self.spread = spread
            self.place = place
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.spread.opened(self.unwrapInboundIn(data), at: self.place)
            context.fireChannelRead(data)
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            context.fireChannelReadComplete()
            self.spread.pass()
        }
    }
}
