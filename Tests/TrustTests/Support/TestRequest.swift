import Crypto
import CryptoExtras
import SwiftASN1
import X509

/// Certificate requests as nodes make them.
enum TestRequest {
    static func pem(_ key: Certificate.PrivateKey = .init(P256.Signing.PrivateKey())) throws -> String {
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName([RelativeDistinguishedName]()),
            privateKey: key,
            attributes: .init()
        )
        return try request.serializeAsPEM().pemString + "\n"
    }
}
