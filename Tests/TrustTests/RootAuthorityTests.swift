import Crypto
import FoundationEssentials
import Primitives
import SwiftASN1
import Testing
@_spi(FixedExpiryValidationTime) import X509

@testable import Trust

@Suite struct RootAuthorityTests {
    private static let now = Timestamp(seconds: 1_795_412_011)
    private static let name = NodeName(cluster: "c1", role: .manager, node: "n1")

    private static func request() throws -> String {
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName("whatever it says") },
            privateKey: .init(P256.Signing.PrivateKey()),
            attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256
        )
        return try request.serializeAsPEM().pemString
    }

    private static func isTrusted(
        _ leaf: Certificate,
        through intermediates: [Certificate] = [],
        by roots: [Certificate],
        at moment: Timestamp = now
    ) async -> Bool {
        var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
            RFC5280Policy(fixedExpiryValidationTime: Date(moment))
        }
        let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(intermediates))
        if case .validCertificate = result { return true }
        return false
    }

    @Test func `a root has SwarmKit's form`() throws {
        let root = try RootAuthority(at: Self.now)
        let certificate = root.certificate
        #expect("\(certificate.subject)" == "CN=swarm-ca")
        #expect(certificate.issuer == certificate.subject)
        #expect(certificate.validity == CertificateLifetime.ofRoot(at: Self.now))
        #expect(certificate.signatureAlgorithm == .ecdsaWithSHA256)
        #expect(try certificate.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: nil))
        #expect(try certificate.extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(try certificate.extensions.subjectKeyIdentifier != nil)
        #expect(try certificate.extensions.authorityKeyIdentifier == nil)
        #expect(certificate.serialNumber.bytes.count >= 19)
        #expect(try root.pem.hasSuffix("-----END CERTIFICATE-----\n"))
    }

    @Test func `a root is read again from its texts`() throws {
        let root = try RootAuthority(at: Self.now)
        let again = try RootAuthority(certificate: root.pem, key: root.keyPEM)
        #expect(again.certificate == root.certificate)
        let other = try RootAuthority(at: Self.now)
        #expect(throws: AuthorityError.foreignKey) {
            try RootAuthority(certificate: root.pem, key: other.keyPEM)
        }
        #expect(throws: AuthorityError.unreadable("root certificate")) {
            try RootAuthority(certificate: "x", key: root.keyPEM)
        }
        #expect(throws: AuthorityError.unreadable("root key")) {
            try RootAuthority(certificate: root.pem, key: root.pem)
        }
    }

    @Test(arguments: NodeName.Role.allCases)
    func `a node's certificate has SwarmKit's form and its root's trust`(role: NodeName.Role) async throws {
        let root = try RootAuthority(at: Self.now)
        let name = NodeName(cluster: "c1", role: role, node: "n1")
        let leaf = try root.sign(CertificateRequest(pem: Self.request()), as: name, at: Self.now)
        #expect(NodeName(leaf.subject) == name)
        let names = try #require(try leaf.extensions.subjectAlternativeNames)
        let expected = [role.rawValue, "n1"] + (role == .manager ? ["swarm-ca"] : [])
        #expect(Array(names) == expected.map { .dnsName($0) })
        #expect(try leaf.extensions.basicConstraints == .notCertificateAuthority)
        #expect(try leaf.extensions.keyUsage == KeyUsage(digitalSignature: true, keyEncipherment: true))
        #expect(try leaf.extensions.extendedKeyUsage == ExtendedKeyUsage([.serverAuth, .clientAuth]))
        let own = try root.certificate.extensions.subjectKeyIdentifier?.keyIdentifier
        #expect(try leaf.extensions.authorityKeyIdentifier?.keyIdentifier == own)
        #expect(leaf.validity == CertificateLifetime.ofNode(at: Self.now, expiry: CertificateLifetime.node))
        #expect(await Self.isTrusted(leaf, by: [root.certificate]))
        let late = leaf.validity.upperBound + .seconds(1)
        #expect(await Self.isTrusted(leaf, by: [root.certificate], at: late) == false)
        let stranger = try RootAuthority(at: Self.now)
        #expect(await Self.isTrusted(leaf, by: [stranger.certificate]) == false)
    }

    @Test func `who trusts the old root trusts the new one through it`() async throws {
        let (old, new) = (try RootAuthority(at: Self.now), try RootAuthority(at: Self.now))
        let leaf = try new.sign(CertificateRequest(pem: Self.request()), as: Self.name, at: Self.now)
        let crossSigned = try old.crossSign(new.certificate)
        #expect(crossSigned.publicKey == new.certificate.publicKey)
        #expect(crossSigned.subject == new.certificate.subject)
        #expect(crossSigned.validity == new.certificate.validity)
        #expect(await Self.isTrusted(leaf, by: [old.certificate]) == false)
        #expect(await Self.isTrusted(leaf, through: [crossSigned], by: [old.certificate]))
        #expect(await Self.isTrusted(leaf, through: [crossSigned], by: [new.certificate]))
    }

    @Test func `of a chain the first certificate counts, and of roots the first end`() throws {
        let (old, new) = (try RootAuthority(at: Self.now), try RootAuthority(at: Self.now + .seconds(86_400)))
        let leaf = try new.sign(CertificateRequest(pem: Self.request()), as: Self.name, at: Self.now)
        let chain = try leaf.text + (try old.crossSign(new.certificate).text)
        #expect(IssuedCertificate(chain: chain.utf8)?.validity == leaf.validity)
        let bundle = try new.pem + old.pem
        let root = try #require(KnownRoot(bundle: bundle.utf8))
        #expect(root.notAfter == old.certificate.validity.upperBound)
        #expect(root.digest == JoinToken.digest(of: bundle.utf8))
        #expect(root.issuer == (try CertificateIssuer(new.certificate)))
    }

    @Test(arguments: ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func `what is no certificate is none`(text: String) {
        #expect(IssuedCertificate(chain: text.utf8) == nil)
        #expect(KnownRoot(bundle: text.utf8) == nil)
    }

    @Test func `a request that is none is refused with the reason`() throws {
        let good = try Self.request()
        _ = try CertificateRequest(pem: good)
        // Its key changed, so that the signature is not its key's any more.
        var document = try PEMDocument(pemString: good)
        document.derBytes[60] ^= 1
        for (pem, reason) in [
            ("", "it is empty"), (String(repeating: "x", count: 8_193), "it has more than 8192 bytes"),
            ("garbage", "it is no PKCS #10 request in PEM"),
            (try RootAuthority(at: Self.now).pem, "it is no PKCS #10 request in PEM"),
        ] {
            #expect(throws: AuthorityError.request(reason)) { try CertificateRequest(pem: pem) }
        }
        #expect(throws: AuthorityError.self) { try CertificateRequest(pem: document.pemString) }
    }

    @Test func `a subject names a node only if it has each part once`() throws {
        #expect(NodeName(try DistinguishedName { CommonName("n1") }) == nil)
        let tester = try DistinguishedName {
            OrganizationName("c1")
            OrganizationalUnitName("tester")
            CommonName("n1")
        }
        #expect(NodeName(tester) == nil)
        let both = try DistinguishedName {
            OrganizationName("c1")
            OrganizationalUnitName("swarm-worker")
            OrganizationalUnitName("swarm-manager")
            CommonName("n1")
        }
        #expect(NodeName(both) == nil)
    }
}
