import SwiftASN1
package import X509

/// A node's request for a certificate: a key, and the proof that the node has its secret half.
///
/// It is read before anything of it is stored: what is no request, or asks for a weak key, never reaches the log.
package struct CertificateRequest: Sendable {
    /// The largest text that is looked at; a request of an RSA key of 8,192 bits has half of that.
    package static let bytes = 8_192

    /// The node's public key.
    package let key: Certificate.PublicKey

    /// Reads a request; throws `AuthorityError.request` with the reason where there is nothing to sign.
    package init(pem: String) throws(AuthorityError) {
        guard !pem.isEmpty else { throw .request("it is empty") }
        guard pem.utf8.count <= Self.bytes else { throw .request("it has more than \(Self.bytes) bytes") }
        let request: CertificateSigningRequest
        do { request = try CertificateSigningRequest(pemEncoded: pem) } catch {
            throw .request("it is no PKCS #10 request in PEM")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw .request("its signature is not its key's")
        }
        if let objection = KeyStrength.objection(to: request.publicKey) { throw .request(objection) }
        self.key = request.publicKey
    }
}
