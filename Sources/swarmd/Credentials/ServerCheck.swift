import NIOCore
import NIOSSL
import SwarmRPC
import Synchronization

/// TLS to a server whose certificate we verify ourselves.
enum ServerCheck {
    /// Puts it into the pipeline of `channel`; `verify` throws where the certificates are not the server's, and what
    /// it throws takes the place of TLS's own error.
    static func add(
        to channel: any Channel,
        _ context: NIOSSLContext,
        _ name: ServerName,
        _ verify: @escaping @Sendable ([[UInt8]]) async throws(PeerFault) -> Void
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let fault = Fault()
            let tls = try NIOSSLClientHandler(context: context, serverHostname: name.rawValue) {
                (presented: [NIOSSLCertificate], promise: EventLoopPromise<NIOSSLVerificationResult>) in
                promise.completeWithTask {
                    do throws(PeerFault) {
                        try await verify(Self.bytes(of: presented))
                        return .certificateVerified
                    } catch {
                        fault.note(error)
                        return .failed
                    }
                }
            }
            try channel.pipeline.syncOperations.addHandlers([tls, FaultTeller(fault)])
        }
    }

    /// The bytes of what was presented; none of what can't be written again.
    static func bytes(of presented: [NIOSSLCertificate]) -> [[UInt8]] {
        presented.map { (try? $0.toDERBytes()) ?? [] }
    }

    /// Why the server's certificate was refused.
    private final class Fault: Sendable {
        private let state = Mutex<PeerFault?>(nil)

        func note(_ fault: PeerFault) { self.state.withLock { $0 = fault } }

        var value: PeerFault? { self.state.withLock { $0 } }
    }

    /// Says why, where TLS only says that.
    private final class FaultTeller: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let fault: Fault

        init(_ fault: Fault) { self.fault = fault }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.fireErrorCaught(self.fault.value ?? error)
        }
    }
}
