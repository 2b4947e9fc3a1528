import FoundationEssentials
package import SwarmAPI
import SwiftASN1
package import X509

/// Whose key signed a certificate, as nodes report it: the subject and the public key, both in DER.
///
/// The roots of a cluster all have one name, so that only the key tells them apart (SwarmKit `ca/certificates.go`,
/// `IssuerInfo`).
package struct CertificateIssuer: Sendable, Hashable {
    package let subject: [UInt8]
    package let publicKey: [UInt8]

    /// The issuer that the holder of `certificate` is.
    package init(_ certificate: Certificate) throws(AuthorityError) {
        do {
            var (subject, publicKey) = (DER.Serializer(), DER.Serializer())
            try subject.serialize(certificate.subject)
            try publicKey.serialize(certificate.publicKey)
            self.subject = subject.serializedBytes
            self.publicKey = publicKey.serializedBytes
        } catch { throw .unmade("\(error)") }
    }

    /// Whether the node says that its certificate is from here.
    package func signed(_ node: SwarmNode) -> Bool {
        guard node.hasDescription_p, node.description_p.hasTlsInfo else { return false }
        let info = node.description_p.tlsInfo
        return info.certIssuerSubject.elementsEqual(self.subject)
            && info.certIssuerPublicKey.elementsEqual(self.publicKey)
    }

    /// Whether it signed the first certificate of `chain`, PEM; not where there is none that can be read.
    func made(_ chain: Data) -> Bool {
        guard !chain.isEmpty, let certificates = try? CertificateBundle.read(chain, named: "certificate"),
            let leaf = certificates.first, let key = try? Certificate.PublicKey(derEncoded: self.publicKey)
        else { return false }
        return key.isValidSignature(leaf.signature, for: leaf)
    }
}
