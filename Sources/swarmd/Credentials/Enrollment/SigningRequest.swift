import Crypto
import SwiftASN1
import X509

/// A fresh key and the request for its certificate, as SwarmKit's nodes send it: P-256, an empty subject and no names.
package struct SigningRequest: Sendable {
    /// The key, PKCS #8 in PEM.
    package let keyPEM: String
    /// The request, PKCS #10 in PEM.
    package let pem: String

    /// Makes a key.
    package init() throws(EnrollmentError) {
        do {
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let request = try CertificateSigningRequest(
                version: .v1,
                subject: DistinguishedName(),
                privateKey: key,
                attributes: CertificateSigningRequest.Attributes(),
                signatureAlgorithm: .ecdsaWithSHA256
            )
            self.keyPEM = try key.serializeAsPEM().pemString + "\n"
            self.pem = try request.serializeAsPEM().pemString + "\n"
        } catch { throw .unusable("no certificate request could be made: \(error)") }
    }
}
