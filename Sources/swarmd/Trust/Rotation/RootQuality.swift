import Primitives
import X509

/// Whether a root that an operator brings can be a cluster's.
enum RootQuality {
    /// The signatures that are taken (SwarmKit `ca/certificates.go`).
    private static let signatures: [Certificate.SignatureAlgorithm] = [
        .ecdsaWithSHA256, .ecdsaWithSHA384, .ecdsaWithSHA512, .sha256WithRSAEncryption,
        .sha384WithRSAEncryption,
        .sha512WithRSAEncryption,
    ]

    /// Why `certificate` is not taken; nil if it is.
    static func objection(to certificate: Certificate, at now: Timestamp) -> String? {
        let constraints = try? certificate.extensions.basicConstraints
        guard case .isCertificateAuthority? = constraints else { return "it is not a CA's certificate" }
        if let usage = try? certificate.extensions.keyUsage, !usage.keyCertSign {
            return "its key may not sign certificates"
        }
        if let objection = KeyStrength.objection(to: certificate.publicKey) { return objection }
        guard Self.signatures.contains(certificate.signatureAlgorithm) else {
            return "it must be signed by RSA or ECDSA with SHA-256, SHA-384 or SHA-512"
        }
        guard certificate.validity.lowerBound <= now else { return "it is not valid yet" }
        guard certificate.validity.upperBound >= now + RootChange.shortestLife else {
            return "CA certificate expires too soon: it must be valid for a year at least"
        }
        return nil
    }
}
