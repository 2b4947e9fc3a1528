package import Credentials
package import GRPCCore
package import Logging
package import NIOCore
import Synchronization
import Trust

/// The local socket's security, whose certificate comes and goes while the socket stays.
package final class SwitchedSecurity: ListenerSecurity {
    private struct State {
        var present = LocalSecurity(ownNode: nil)
        var credentials: NodeCredentials?
    }

    private let state = Mutex(State())

    /// Understands plain HTTP/2 only, until there is a certificate.
    package init() {}

    /// Shows the certificate of `credentials` from now on, and counts calls as its node's; nil for no node.
    package func use(_ credentials: NodeCredentials?, log: Logger) {
        self.state.withLock { state in
            guard state.credentials !== credentials else { return }
            state.credentials = credentials
            state.present = LocalSecurity(credentials, ownNode: credentials?.name.node, log: log)
        }
    }

    package func admit(_ channel: any Channel, _ ready: @escaping Ready) -> EventLoopFuture<Void> {
        self.state.withLock { $0.present }.admit(channel, ready)
    }

    package func identify(_ peer: ConnectedPeer, _ metadata: Metadata) -> PeerIdentity {
        var identity = peer.identity
        // The node may have become one after the connection was made.
        identity.ownNode = self.state.withLock { $0.credentials?.name.node }
        return identity
    }
}
