package import Credentials
package import GRPCCore
package import Logging
package import NIOCore
import NIOSSL
import Primitives
import SwarmRPC
import Trust

/// The listener of nodes: everything is encrypted, and who has a certificate shows it.
package struct TLSSecurity: ListenerSecurity {
    private let credentials: NodeCredentials
    private let limits: ConnectionLimits
    private let refusals: RefusalLog
    let gate: ConnectionGate

    /// Shows the certificate of `credentials`; `refused` hears of each connection that is turned away.
    package init(
        _ credentials: NodeCredentials,
        limits: ConnectionLimits = ConnectionLimits(),
        log: Logger,
        refused: @escaping @Sendable (ConnectionRefusal) -> Void = { _ in }
    ) {
        self.credentials = credentials
        self.limits = limits
        self.refusals = RefusalLog(log, refused)
        self.gate = ConnectionGate(limits)
    }

    package func admit(_ channel: any Channel, _ ready: @escaping Ready) -> EventLoopFuture<Void> {
        let host = channel.remoteAddress?.ipAddress
        let (credentials, limits, refusals, gate) = (self.credentials, self.limits, self.refusals, self.gate)
        return channel.eventLoop.makeCompletedFuture {
            let pass: ConnectionGate.Pass
            do throws(ConnectionRefusal) { pass = try gate.enter(host) } catch {
                refusals.note(error, host)
                throw error
            }
            channel.closeFuture.whenComplete { _ in pass.leave() }
            let verification = PeerVerification()
            let tls = try credentials.serverHandler(verification)
            try channel.pipeline.syncOperations.addHandlers([
                HandshakeGuard(pass, within: limits.handshake) { refusals.note(.slow, host) }, tls,
                HandshakeEnd { result in
                    do throws(ConnectionRefusal) {
                        let peer = try Self.peer(result, tls, verification)
                        pass.finish()
                        return ready(peer)
                    } catch {
                        if pass.refuse() {
                            refusals.note(error, host, Self.detail(result, verification))
                        }
                        return nil
                    }
                },
            ])
        }
    }

    package func identify(_ peer: ConnectedPeer, _ metadata: Metadata) -> PeerIdentity {
        peer.identity(at: self.credentials.now())
    }

    /// Who is there after a handshake that ended with `result`.
    private static func peer(
        _ result: Result<Void, any Error>,
        _ tls: NIOSSLServerHandler,
        _ verification: PeerVerification
    ) throws(ConnectionRefusal) -> ConnectedPeer {
        guard case .success = result else {
            throw verification.fault == nil ? .handshake : .certificate
        }
        guard tls.peerCertificate != nil else { return ConnectedPeer(PeerIdentity(.stranger)) }
        // A session that is taken up again brings its certificate along, and nobody looks at it.
        guard let verified = verification.peer else { throw .certificate }
        let caller: PeerIdentity.Caller =
            verified.isExpired ? .expired(verified.name) : .node(verified.name)
        return ConnectedPeer(
            PeerIdentity(caller, fingerprint: verified.fingerprint),
            expiry: verified.expiry
        )
    }

    private static func detail(_ result: Result<Void, any Error>, _ verification: PeerVerification) -> String
    {
        if let fault = verification.fault { return "\(fault)" }
        guard case .failure(let error) = result else { return "a resumed session proves nothing" }
        // The kernel's word comes with functions' names.
        return error is IOError ? ConnectionFault.text(error) : "\(error)"
    }
}
