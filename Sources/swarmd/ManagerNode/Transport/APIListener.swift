package import NIOCore
import SwarmRPC

/// Where an API server listens.
package protocol APIListener: Sendable {
    /// How it finds out who connects.
    var security: any ListenerSecurity { get }

    /// Listens; each connection is prepared by `prepare` once it is known who is at its other end.
    ///
    /// Throws `ListenError`, or what the kernel said.
    func listen(
        _ prepare: @escaping @Sendable (any Channel, ConnectedPeer) -> EventLoopFuture<Void>
    ) async throws -> any Channel

    /// Gives back what listening took, when nobody listens any more.
    func release()
}

extension APIListener {
    /// Has `channel`, which was just accepted, prepared.
    func accept(
        _ channel: any Channel,
        _ prepare: @escaping @Sendable (any Channel, ConnectedPeer) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Void> {
        self.security.admit(channel) { peer in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(PingResponder(isServer: true))
            }.flatMap { prepare(channel, peer) }
        }
    }
}
