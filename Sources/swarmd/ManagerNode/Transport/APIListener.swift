import Logging
package import NIOCore
import SwarmRPC

/// Where an API server listens.
package protocol APIListener: Sendable {
    /// Listens; each connection is prepared by `prepare`, after the listener's own handlers.
    ///
    /// Throws `ListenError`, or what the kernel said.
    func listen(
        _ prepare: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel

    /// Gives back what listening took, when nobody listens any more.
    func release()
}

extension APIListener {
    /// Puts our handlers below HTTP/2's: the detector first, as it decides what the bytes are.
    func addHandlers(to channel: any Channel, log: Logger) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
                ProtocolDetector(log: log), PingResponder(isServer: true),
            ])
        }
    }
}
