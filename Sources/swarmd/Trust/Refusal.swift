/// Why a call is not let through, and what its caller hears.
///
/// The codes are SwarmKit's, and the texts those of its managers where it has the same check (`ca/auth.go`,
/// `raftproxy.go`).
package struct Refusal: Error, Sendable, Equatable {
    /// What is counted; the raw values are what operators read.
    package enum Reason: String, Sendable, CaseIterable {
        case noCertificate = "no certificate"
        case wrongRole = "wrong role"
        /// The certificate says manager, and the cluster made the node a worker since.
        case demoted = "demoted node"
        case otherCluster = "other cluster"
        case removedNode = "removed node"
        /// A certificate of this cluster for a node of which the cluster has nothing.
        case unknownNode = "unknown node"
        case expired = "expired certificate"
        case forwardedTwice = "forwarded twice"
        /// Somebody who is no manager says that it passes a call on.
        case forwarder = "forwarder is no manager"
        case unknownProcedure = "unknown procedure"
        case wrongToken = "wrong token"
        /// What should be a request for a certificate and is none, or one that nobody would sign.
        case badRequest = "bad certificate request"
        /// A node whose certificate has ended may not have another by it.
        case lateRenewal = "renewal of an expired certificate"
        // Connections that were refused before any call.
        case tooManyConnections = "too many connections"
        case tooManyHandshakes = "too many handshakes"
        case slowHandshake = "slow handshake"
        case handshake = "handshake"
        case untrustedCertificate = "untrusted certificate"
    }

    /// gRPC's code, without gRPC.
    package enum Code: Sendable, Equatable {
        case permissionDenied
        case resourceExhausted
    }

    package let reason: Reason
    package let code: Code
    /// One line for the caller; it names what the caller showed, and nothing that it does not know.
    package let message: String

    package init(_ reason: Reason, _ message: String, code: Code = .permissionDenied) {
        self.reason = reason
        self.code = code
        self.message = message
    }
}
