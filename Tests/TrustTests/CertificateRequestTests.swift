import Crypto
import CryptoExtras
import Testing
import X509

@testable import Trust

/// What is checked of a request before anything of it is stored.
@Suite struct CertificateRequestTests {
    @Test func `curves of NIST's and long RSA keys are signed`() throws {
        for key in [
            Certificate.PrivateKey(P256.Signing.PrivateKey()), .init(P384.Signing.PrivateKey()),
            .init(P521.Signing.PrivateKey()), .init(try _RSA.Signing.PrivateKey(keySize: .bits2048)),
        ] {
            #expect(try CertificateRequest(pem: TestRequest.pem(key)).key == key.publicKey)
        }
    }

    @Test func `other keys are refused with the reason`() throws {
        let weak = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1_024))
        #expect(throws: AuthorityError.self) {
            try CertificateRequest(pem: TestRequest.pem(.init(weak)))
        }
        #expect(throws: AuthorityError.request("its key must be of P-256, P-384, P-521 or RSA")) {
            try CertificateRequest(pem: TestRequest.pem(.init(Curve25519.Signing.PrivateKey())))
        }
    }
}
