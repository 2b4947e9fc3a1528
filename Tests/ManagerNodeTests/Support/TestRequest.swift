import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// Certificate requests as nodes make them.
enum TestRequest {
    static func make() throws -> Data {
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName([RelativeDistinguishedName]()),
            privateKey: .init(P256.Signing.PrivateKey()),
            attributes: .init()
        )
        return Data((try request.serializeAsPEM().pemString + "\n").utf8)
    }
}
