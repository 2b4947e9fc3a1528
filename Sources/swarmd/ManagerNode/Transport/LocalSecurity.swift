package import Credentials
package import GRPCCore
package import Logging
package import NIOCore

/// The listener of operators: who may open its socket may call, encrypted or not (architecture D11).
package struct LocalSecurity: ListenerSecurity {
    private let credentials: NodeCredentials?
    private let ownNode: String?
    private let limits: ConnectionLimits
    private let refusals: RefusalLog
    private let gate: ConnectionGate

    /// Calls that come here count as those of `ownNode`; without `credentials` only plain HTTP/2 is understood.
    package init(
        _ credentials: NodeCredentials? = nil,
        ownNode: String?,
        limits: ConnectionLimits = ConnectionLimits(),
        log: Logger = Logger(label: "swarmd"),
        refused: @escaping @Sendable (ConnectionRefusal) -> Void = { _ in }
    ) {
        self.credentials = credentials
        self.ownNode = ownNode
        self.limits = limits
        self.refusals = RefusalLog(log, refused)
        self.gate = ConnectionGate(limits)
    }

    package func admit(_ channel: any Channel, _ ready: @escaping Ready) -> EventLoopFuture<Void> {
        PeerProcess.atOtherEnd(of: channel).flatMap { caller in
            channel.eventLoop.makeCompletedFuture { try self.addHandlers(to: channel, caller, ready) }
        }
    }

    private func addHandlers(
        to channel: any Channel,
        _ caller: PeerIdentity.LocalCaller,
        _ ready: @escaping Ready
    ) throws {
        let (credentials, refusals) = (self.credentials, self.refusals)
        let pass: ConnectionGate.Pass
        do throws(ConnectionRefusal) { pass = try self.gate.enter(nil) } catch {
            refusals.note(error, nil)
            throw error
        }
        channel.closeFuture.whenComplete { _ in pass.leave() }
        let peer = ConnectedPeer(PeerIdentity(.local(caller), ownNode: self.ownNode))
        let detector = ProtocolDetector { kind in
            switch kind {
            case .http2:
                pass.finish()
                return ready(peer)
            case .tls:
                guard let credentials else {
                    _ = pass.refuse()
                    refusals.note(.handshake, nil, "this node has no certificate: use plain HTTP/2")
                    return channel.eventLoop.makeFailedFuture(ConnectionRefusal.handshake)
                }
                return channel.eventLoop.makeCompletedFuture {
                    let end = HandshakeEnd { result in
                        if case .failure(let error) = result {
                            if pass.refuse() { refusals.note(.handshake, nil, "\(error)") }
                            return nil
                        }
                        pass.finish()
                        return ready(peer)
                    }
                    try channel.pipeline.syncOperations.addHandlers([
                        credentials.localServerHandler(), end,
                    ])
                }
            }
        }
        let late = HandshakeGuard(pass, within: self.limits.handshake) { refusals.note(.slow, nil) }
        try channel.pipeline.syncOperations.addHandlers([late, detector])
    }

    package func identify(_ peer: ConnectedPeer, _ metadata: Metadata) -> PeerIdentity { peer.identity }
}
