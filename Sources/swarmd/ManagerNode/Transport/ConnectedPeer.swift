package import Primitives
import Trust

/// Who is at the other end of a connection, and for how long that holds.
package struct ConnectedPeer: Sendable, Equatable {
    /// Who it was when the connection was made.
    package let identity: PeerIdentity
    /// When its certificate ends; nil for who has none.
    package let expiry: Timestamp?

    package init(_ identity: PeerIdentity, expiry: Timestamp? = nil) {
        self.identity = identity
        self.expiry = expiry
    }

    /// Who it is `now`: a certificate may end before its connection does.
    package func identity(at now: Timestamp) -> PeerIdentity {
        guard let expiry, now > expiry else { return self.identity }
        var identity = self.identity
        switch identity.caller {
        case .node(let name), .expired(let name):
            identity.caller = now > expiry + ExpiredRenewal.grace ? .stranger : .expired(name)
        case .stranger, .local: break
        }
        return identity
    }
}
