import Crypto
import FoundationEssentials
package import Primitives
import SwiftASN1
package import X509

/// A root certificate with its key: it makes the certificates of a cluster's nodes (SwarmKit
/// `ca/certificates.go`, `RootCA`).
package struct RootAuthority: Sendable {
    /// The root certificate.
    package let certificate: Certificate
    private let key: Certificate.PrivateKey

    /// A fresh root that is valid from `now` on.
    package init(at now: Timestamp) throws(AuthorityError) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        do {
            let name = try DistinguishedName { CommonName(NodeName.authority) }
            let validity = CertificateLifetime.ofRoot(at: now)
            self.certificate = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: key.publicKey,
                notValidBefore: Date(validity.lowerBound),
                notValidAfter: Date(validity.upperBound),
                issuer: name,
                subject: name,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                    SubjectKeyIdentifier(hash: key.publicKey)
                },
                issuerPrivateKey: key
            )
        } catch { throw .unmade("\(error)") }
        self.key = key
    }

    /// A root that is kept elsewhere; throws where the texts are no certificate and key, or do not belong together.
    package init(certificate: String, key: String) throws(AuthorityError) {
        do { self.certificate = try Certificate(pemEncoded: certificate) } catch {
            throw .unreadable("root certificate")
        }
        do { self.key = try Certificate.PrivateKey(pemEncoded: key) } catch { throw .unreadable("root key") }
        guard self.key.publicKey == self.certificate.publicKey else { throw .foreignKey }
    }

    /// The root certificate's text, as nodes keep it.
    package var pem: String { get throws(AuthorityError) { try self.certificate.text } }

    /// The key's text.
    package var keyPEM: String {
        get throws(AuthorityError) {
            do { return try self.key.serializeAsPEM().pemString + "\n" } catch { throw .unmade("\(error)") }
        }
    }

    /// Signs the certificate of the node that `request` comes from.
    ///
    /// Of the request only the key counts: what it says of its node is not looked at.
    package func sign(
        _ request: CertificateRequest,
        as name: NodeName,
        at now: Timestamp,
        expiry: Duration = CertificateLifetime.node
    ) throws(AuthorityError) -> Certificate {
        let validity = CertificateLifetime.ofNode(at: now, expiry: expiry)
        do {
            return try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: request.key,
                notValidBefore: Date(validity.lowerBound),
                notValidAfter: Date(validity.upperBound),
                issuer: self.certificate.subject,
                subject: name.subject,
                extensions: self.extensions(of: request, name),
                issuerPrivateKey: self.key
            )
        } catch { throw .unmade("\(error)") }
    }

    /// The certificate `root` signed by this root's key: who trusts this one trusts through it what that one signs.
    ///
    /// It names this root's key, which SwarmKit's does not: without that, OpenSSL and BoringSSL take it for
    /// signed by itself, since all roots of a cluster have the same name.
    package func crossSign(_ root: Certificate) throws(AuthorityError) -> Certificate {
        do {
            let own = root.extensions.filter { $0.oid != .X509ExtensionID.authorityKeyIdentifier }
            var extensions = try Certificate.Extensions(own)
            try extensions.append(Certificate.Extension(self.keyIdentifier, critical: false))
            return try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: root.publicKey,
                notValidBefore: root.notValidBefore,
                notValidAfter: root.notValidAfter,
                issuer: self.certificate.subject,
                subject: root.subject,
                extensions: extensions,
                issuerPrivateKey: self.key
            )
        } catch { throw .unmade("\(error)") }
    }

    /// The certificate of the root `other`, signed by this root's key.
    package func crossSign(_ other: RootAuthority) throws(AuthorityError) -> Certificate {
        try self.crossSign(other.certificate)
    }

    /// A request for a certificate of this root by another one's key, for an authority that signs for others.
    package func request() throws(AuthorityError) -> String {
        do {
            let request = try CertificateSigningRequest(
                version: .v1,
                subject: self.certificate.subject,
                privateKey: self.key,
                attributes: CertificateSigningRequest.Attributes()
            )
            return try request.serializeAsPEM().pemString + "\n"
        } catch { throw .unmade("\(error)") }
    }

    /// The name of this root's key.
    private var keyIdentifier: AuthorityKeyIdentifier {
        let own = try? self.certificate.extensions.subjectKeyIdentifier
        let identifier = own ?? SubjectKeyIdentifier(hash: self.key.publicKey)
        return AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier)
    }

    private func extensions(of request: CertificateRequest, _ name: NodeName) throws -> Certificate.Extensions
    {
        try Certificate.Extensions {
            Critical(KeyUsage(digitalSignature: true, keyEncipherment: true))
            try ExtendedKeyUsage([.serverAuth, .clientAuth])
            Critical(BasicConstraints.notCertificateAuthority)
            SubjectKeyIdentifier(hash: request.key)
            self.keyIdentifier
            name.alternatives
        }
    }
}
