package import FoundationEssentials
import Primitives
package import SwarmAPI
package import X509

/// What a new configuration of the certificate authority does to the cluster's root.
///
/// * Neither a certificate nor another `force_rotate`: nothing.
/// * Another `force_rotate`: a rotation to a root made here.
/// * The certificate of the present root: a rotation under way is given up, and the key is what was sent with it, so
///   that a key can move in or out without a rotation.
/// * The certificate of the root that is being rotated to: the rotation goes on, with the key that was sent.
/// * Any other certificate: a rotation to it, instead of one that is under way.
///
/// SwarmKit `controlapi/ca_rotation.go`.
package struct RootChange: Sendable {
    /// Servers of which one must answer, as a certificate of `root` proves, before the change is taken.
    package struct Probe: Sendable, Equatable {
        /// "current" or "desired", as the refusal names the root.
        package let name: String
        package let urls: [String]
        package let root: Data
    }

    /// How the change goes on.
    package enum Outcome: Sendable {
        /// The root stays as it is.
        case unchanged
        /// The record that takes the present one's place.
        case record(SwarmRootCA)
        /// The present root's key is with servers: they must sign the certificate that the request is of first.
        case crossSigning(CrossSigning)
    }

    /// A certificate of a new root that servers are to sign with the key of the present one.
    package struct CrossSigning: Sendable {
        package let request: String
        package let root: Certificate
        package let urls: [String]
        /// The present root: what the servers sign for.
        package let trusted: Data
        private let record: SwarmRootCA

        init(request: String, root: Certificate, urls: [String], record: SwarmRootCA) {
            self.request = request
            self.root = root
            self.urls = urls
            self.trusted = record.caCert
            self.record = record
        }

        /// The record with the certificate that a server signed, PEM.
        package func record(with crossSigned: String) -> SwarmRootCA {
            var record = self.record
            record.rootRotation.crossSignedCaCert = Data(crossSigned.utf8)
            return record
        }
    }

    /// A root must be valid for so long at least.
    package static let shortestLife = Duration.seconds(365 * 24 * 3600)

    package let probes: [Probe]
    package let outcome: Outcome
}

/// Why a root is not taken.
package enum RootChangeError: Error, Equatable {
    /// The field of the request and what is wrong with it.
    case invalid(field: String, String)
    /// Nothing is wrong with the request, but the certificates were not made.
    case unmade(String)

    init(_ error: AuthorityError, field: String) {
        switch error {
        case .unmade(let reason): self = .unmade(reason)
        case .unreadable, .foreignKey, .request: self = .invalid(field: field, "\(error)")
        }
    }
}
