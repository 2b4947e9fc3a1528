package import Primitives
import Synchronization
package import Trust

/// A node whose certificate was verified.
package struct VerifiedPeer: Sendable, Equatable {
    /// Who it is.
    package let name: NodeName
    /// Which certificate it showed, as `ExpiredRenewal` writes it.
    package let fingerprint: String
    /// When its certificate ends.
    package let expiry: Timestamp
    /// Whether it has ended already, and all else is right.
    package let isExpired: Bool
}

/// What became of the certificate that the other end of one connection showed.
package final class PeerVerification: Sendable {
    private let state = Mutex<Result<VerifiedPeer, PeerFault>?>(nil)

    package init() {}

    /// Who is there; nil if no certificate was shown, or one that is not believed.
    package var peer: VerifiedPeer? { try? self.state.withLock { $0 }?.get() }

    /// Why the certificate is not believed; nil if none was shown, or a good one.
    package var fault: PeerFault? {
        guard case .failure(let fault) = self.state.withLock({ $0 }) else { return nil }
        return fault
    }

    func note(_ result: Result<VerifiedPeer, PeerFault>) { self.state.withLock { $0 = result } }
}
