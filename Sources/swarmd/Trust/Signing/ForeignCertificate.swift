package import FoundationEssentials
package import Primitives
package import X509

/// Checks what a server of others signed: a server that errs or lies must not name a node another's name.
package enum ForeignCertificate {
    /// Checks the certificate of the node `name` that was asked for with `csr`, by the key of `root`.
    package static func check(
        _ leaf: Certificate,
        _ csr: String,
        as name: NodeName,
        by root: Data,
        at now: Timestamp
    ) throws(AuthorityError) {
        let request = try CertificateRequest(pem: csr)
        guard leaf.publicKey == request.key else { throw .unmade("the external CA signed another key") }
        guard NodeName(leaf.subject) == name else { throw .unmade("the external CA signed another name") }
        guard leaf.validity.contains(now) else {
            throw .unmade("the external CA's certificate is not valid now")
        }
        try Self.checkSignature(leaf, root)
    }

    /// Checks the certificate of the new root by the key of `old`.
    package static func checkCrossSigned(
        _ certificate: Certificate,
        of new: Certificate,
        by old: Data
    ) throws(AuthorityError) {
        guard certificate.publicKey == new.publicKey, certificate.subject == new.subject else {
            throw .unmade("the external CA signed another root")
        }
        let constraints = try? certificate.extensions.basicConstraints
        guard case .isCertificateAuthority? = constraints else {
            throw .unmade("the external CA did not make a CA's certificate")
        }
        try Self.checkSignature(certificate, old)
    }

    private static func checkSignature(_ certificate: Certificate, _ root: Data) throws(AuthorityError) {
        let roots = try CertificateBundle.read(root, named: "root certificate")
        let isSigned = roots.contains {
            $0.subject == certificate.issuer
                && $0.publicKey.isValidSignature(certificate.signature, for: certificate)
        }
        guard isSigned else { throw .unmade("the external CA signed with another key than the root's") }
    }
}
