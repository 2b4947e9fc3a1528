package import Primitives

/// A root as nodes and operators know it.
package struct KnownRoot: Sendable, Equatable {
    /// The SHA-256 of its exact text in base 36, as join tokens have it.
    package let digest: String
    /// When the first of its certificates ends.
    package let notAfter: Timestamp
    /// Whom nodes name as their certificate's issuer.
    package let issuer: CertificateIssuer

    /// Reads one or more root certificates in PEM; nil where there is none.
    package init?(bundle: some Collection<UInt8>) {
        guard let certificates = try? CertificateBundle.read(bundle, named: "root certificate"),
            let issuer = certificates.first.flatMap({ try? CertificateIssuer($0) }),
            let end = certificates.map(\.validity.upperBound).min()
        else { return nil }
        self.digest = JoinToken.digest(of: bundle)
        self.notAfter = end
        self.issuer = issuer
    }
}
