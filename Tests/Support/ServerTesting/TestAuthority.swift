package import Credentials
import Crypto
package import Primitives
import SwiftASN1
package import Trust
package import X509

/// A root that makes the certificates of nodes which tests play.
package struct TestAuthority: Sendable {
    /// When certificates are made unless a test says otherwise.
    package static let start = Timestamp(seconds: 1_800_000_000)

    /// The root.
    package let root: RootAuthority

    /// A fresh root, made at `now`.
    package init(at now: Timestamp = Self.start) throws { self.root = try RootAuthority(at: now) }

    /// What trusts this root alone.
    package var bundle: RootBundle { get throws { try RootBundle(pem: self.root.pem) } }

    /// A node's certificate that is made at `now`, followed by `links`; the node trusts `trusted`, or this root.
    package func material(
        _ name: NodeName = NodeName(cluster: "c1", role: .manager, node: "n1"),
        at now: Timestamp = Self.start,
        expiry: Duration = CertificateLifetime.node,
        links: [Certificate] = [],
        trusted: RootBundle? = nil
    ) throws -> NodeCredentials.Material {
        let key = P256.Signing.PrivateKey()
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName(),
            privateKey: Certificate.PrivateKey(key),
            attributes: CertificateSigningRequest.Attributes(),
            signatureAlgorithm: .ecdsaWithSHA256
        )
        let leaf = try self.root.sign(
            CertificateRequest(pem: request.serializeAsPEM().pemString),
            as: name,
            at: now,
            expiry: expiry
        )
        return try NodeCredentials.Material(
            root: trusted ?? self.bundle,
            chainPEM: ([leaf] + links).map { try $0.text }.joined(),
            keyPEM: key.pemRepresentation + "\n"
        )
    }
}
