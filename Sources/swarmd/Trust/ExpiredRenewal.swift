import Crypto
import FoundationEssentials
package import Primitives
package import SwarmAPI
import SwiftASN1
import X509

/// Whether a node whose certificate has ended may still have another (P-05).
///
/// SwarmKit locks such a node out for ever. Here it may renew for a while by proving, with TLS, that it has the key
/// of the certificate that was issued to it last. A certificate that was replaced since proves nothing: it may be
/// from a backup or stolen.
package enum ExpiredRenewal {
    /// For how long after its end a certificate counts for this.
    package static let grace = Duration.seconds(30 * 24 * 3600)

    /// Why there is no renewal.
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        /// The node was removed, or never was.
        case unknownNode
        /// The role in the certificate is not the node's any more.
        case otherRole
        /// The node has been issued another certificate since, or none.
        case replaced
        /// The grace is over.
        case tooLate

        package var description: String {
            let refusal = "the certificate has expired and cannot be renewed: "
            return switch self {
            case .unknownNode: refusal + "its node is not part of the cluster"
            case .otherRole: refusal + "its node has another role now"
            case .replaced: refusal + "it is not the last one that its node was issued"
            case .tooLate: refusal + "it ended more than 30 days ago; join again with a token"
            }
        }
    }

    /// The fingerprint of a certificate: the SHA-256 of its DER in lower-case hexadecimal digits.
    package static func hash(of der: some Sequence<UInt8>) -> String {
        SHA256.hash(data: Array(der)).hexadecimal
    }

    /// Checks the renewal of the certificate with `fingerprint`, which names `caller`.
    ///
    /// `node` is the store's object of the node.
    package static func check(
        _ fingerprint: String?,
        of caller: NodeName,
        _ node: SwarmNode?,
        at now: Timestamp
    ) throws(Refusal) {
        guard let node, node.id == caller.node else { throw .unknownNode }
        guard (node.role == .manager) == (caller.role == .manager) else { throw .otherRole }
        guard let fingerprint, let last = Self.leaf(of: node),
            let der = Self.der(of: last), Self.hash(of: der) == fingerprint
        else { throw .replaced }
        guard now <= last.validity.upperBound + Self.grace else { throw .tooLate }
    }

    /// When the node's last certificate ends; nil if it has none.
    package static func end(of node: SwarmNode) -> Timestamp? { Self.leaf(of: node)?.validity.upperBound }

    private static func leaf(of node: SwarmNode) -> Certificate? {
        do throws(AuthorityError) {
            return try CertificateBundle.read(node.certificate.certificate, named: "certificate").first
        } catch { return nil }
    }

    private static func der(of certificate: Certificate) -> [UInt8]? {
        var serializer = DER.Serializer()
        do { try serializer.serialize(certificate) } catch { return nil }
        return serializer.serializedBytes
    }
}
