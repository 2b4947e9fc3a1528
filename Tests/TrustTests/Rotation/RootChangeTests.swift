import Crypto
import FoundationEssentials
import Primitives
import SwarmAPI
import SwiftProtobuf
import SwiftASN1
import Testing
import X509

@testable import Trust

/// What `UpdateCluster` does with `ca_config`: row CE2-07 of the parity list.
@Suite struct RootChangeTests {
    private static let now = Timestamp(seconds: 1_795_412_011)
    private static let signingURL = "https://ca.example/sign"

    private static func record() throws -> SwarmRootCA {
        try ClusterRoot.record(of: RootAuthority(at: Self.now))
    }

    private static func config(_ root: RootAuthority, withKey: Bool = true) throws -> SwarmCAConfig {
        var config = SwarmCAConfig()
        config.signingCaCert = Data(try root.pem.utf8)
        if withKey { config.signingCaKey = Data(try root.keyPEM.utf8) }
        return config
    }

    /// The record that the change leads to without anybody's help.
    private static func changed(_ config: SwarmCAConfig, _ root: SwarmRootCA) throws -> SwarmRootCA? {
        let change = try RootChange(to: config, of: root, at: Self.now)
        #expect(change.probes.isEmpty)
        guard case .record(let record) = change.outcome else { return nil }
        return record
    }

    @Test func `nothing is asked for, nothing changes`() throws {
        var root = try Self.record()
        root.lastForcedRotation = 3
        let change = try RootChange(to: .with { $0.forceRotate = 3 }, of: root, at: Self.now)
        guard case .unchanged = change.outcome else {
            Issue.record("\(change.outcome)")
            return
        }
    }

    @Test func `another force_rotate makes a root and has the old one sign it`() throws {
        let root = try Self.record()
        let record = try #require(try Self.changed(.with { $0.forceRotate = 1 }, root))
        #expect(record.lastForcedRotation == 1)
        #expect(record.caCert == root.caCert && record.joinTokens == root.joinTokens)
        let rotation = record.rootRotation
        let new = try CertificateBundle.readOne(rotation.caCert, named: "root")
        let crossSigned = try CertificateBundle.readOne(rotation.crossSignedCaCert, named: "root")
        let old = try CertificateBundle.readOne(root.caCert, named: "root")
        #expect(crossSigned.publicKey == new.publicKey && new.publicKey != old.publicKey)
        #expect(old.publicKey.isValidSignature(crossSigned.signature, for: crossSigned))
        #expect(try crossSigned.extensions.authorityKeyIdentifier != nil)
        _ = try RootAuthority(
            certificate: String(decoding: rotation.caCert, as: UTF8.self),
            key: String(decoding: rotation.caKey, as: UTF8.self)
        )
    }

    @Test func `a root that an operator brings is rotated to`() throws {
        let brought = try RootAuthority(at: Self.now)
        let record = try #require(try Self.changed(Self.config(brought), Self.record()))
        #expect(record.rootRotation.caCert == Data(try brought.pem.utf8))
        #expect(!record.rootRotation.caKey.isEmpty)
    }

    @Test func `the present root's certificate gives up what is under way`() throws {
        let present = try RootAuthority(at: Self.now)
        let root = try ClusterRoot.record(of: present)
        let rotating = try #require(try Self.changed(.with { $0.forceRotate = 1 }, root))
        var config = try Self.config(present)
        config.forceRotate = 1
        let record = try #require(try Self.changed(config, rotating))
        #expect(!record.hasRootRotation)
        #expect(record.caCert == root.caCert && record.joinTokens == root.joinTokens)
    }

    @Test func `the certificate of the root on its way changes its key only`() throws {
        let brought = try RootAuthority(at: Self.now)
        let rotating = try #require(try Self.changed(Self.config(brought), Self.record()))
        var config = try Self.config(brought)
        config.forceRotate = 7
        let record = try #require(try Self.changed(config, rotating))
        #expect(record.rootRotation == rotating.rootRotation)
        #expect(record.lastForcedRotation == 7)
    }

    @Test func `another root takes the place of the one on its way`() throws {
        let root = try Self.record()
        let rotating = try #require(try Self.changed(.with { $0.forceRotate = 1 }, root))
        let again = try #require(try Self.changed(.with { $0.forceRotate = 2 }, rotating))
        #expect(again.rootRotation.caCert != rotating.rootRotation.caCert)
        let old = try CertificateBundle.readOne(root.caCert, named: "root")
        let crossSigned = try CertificateBundle.readOne(again.rootRotation.crossSignedCaCert, named: "root")
        #expect(old.publicKey.isValidSignature(crossSigned.signature, for: crossSigned))
    }

    // MARK: Roots that are refused

    /// A self-signed certificate.
    private static func certificate(
        _ key: Certificate.PrivateKey = .init(P256.Signing.PrivateKey()),
        life: Duration = .seconds(2 * 365 * 24 * 3600),
        isAuthority: Bool = true
    ) throws -> String {
        let name = try DistinguishedName { CommonName("brought") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: Date(Self.now + .seconds(-60)),
            notValidAfter: Date(Self.now + life),
            issuer: name,
            subject: name,
            extensions: Certificate.Extensions {
                Critical(
                    isAuthority
                        ? BasicConstraints.isCertificateAuthority(maxPathLength: nil)
                        : .notCertificateAuthority
                )
            },
            issuerPrivateKey: key
        )
        return try certificate.text
    }

    private static func refusal(_ change: (inout SwarmCAConfig) throws -> Void) throws -> RootChangeError? {
        var config = SwarmCAConfig()
        try change(&config)
        let root = try Self.record()
        do {
            _ = try RootChange(to: config, of: root, at: Self.now)
            return nil
        } catch { return error }
    }

    @Test func `a key alone is refused`() throws {
        let refusal = try Self.refusal { $0.signingCaKey = Data("x".utf8) }
        #expect(
            refusal
                == .invalid(
                    field: "signing_ca_key",
                    "if a signing CA key is provided, the signing CA cert must also be provided"
                )
        )
    }

    @Test func `a key of another root is refused`() throws {
        let (one, other) = (try RootAuthority(at: Self.now), try RootAuthority(at: Self.now))
        let refusal = try Self.refusal {
            $0.signingCaCert = Data(try one.pem.utf8)
            $0.signingCaKey = Data(try other.keyPEM.utf8)
        }
        #expect(refusal == .invalid(field: "signing_ca_key", "\(AuthorityError.foreignKey)"))
    }

    @Test func `what is no root of a year's life is refused, with the field`() throws {
        let short = "CA certificate expires too soon: it must be valid for a year at least"
        let weak = "its key must be of P-256, P-384, P-521 or RSA"
        let cases: [(String, String)] = [
            ("garbage", "root certificate: this is not PEM of the right kind"),
            (
                try Self.certificate() + Self.certificate(),
                "the desired CA certificate cannot contain multiple certificates"
            ),
            (try Self.certificate(life: .seconds(364 * 24 * 3600)), short),
            (try Self.certificate(isAuthority: false), "it is not a CA's certificate"),
            (try Self.certificate(.init(Curve25519.Signing.PrivateKey())), weak),
        ]
        for (text, reason) in cases {
            let refusal = try Self.refusal { $0.signingCaCert = Data(text.utf8) }
            #expect(refusal == .invalid(field: "signing_ca_cert", reason))
        }
    }

    @Test func `a new certificate of the present key is refused`() throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let root = SwarmRootCA.with {
            $0.caCert = Data((try? Self.certificate(key))?.utf8 ?? "".utf8)
            $0.caKey = Data((try? key.serializeAsPEM().pemString)?.utf8 ?? "".utf8)
        }
        var config = SwarmCAConfig()
        config.signingCaCert = Data(try Self.certificate(key).utf8)
        config.signingCaKey = root.caKey
        #expect(
            throws: RootChangeError.invalid(
                field: "signing_ca_cert",
                "it has the present root's key: a new root needs another one"
            )
        ) { try RootChange(to: config, of: root, at: Self.now) }
    }

    // MARK: Roots whose key others have

    @Test func `a root without a key needs a server that has it`() throws {
        let brought = try RootAuthority(at: Self.now)
        var config = try Self.config(brought, withKey: false)
        let root = try Self.record()
        let without = try RootChange(to: config, of: root, at: Self.now)
        let probe = RootChange.Probe(name: "desired", urls: [], root: config.signingCaCert)
        #expect(without.probes == [probe])
        config.externalCas = [
            .with {
                $0.url = Self.signingURL
                $0.caCert = config.signingCaCert
            },
            .with { $0.url = "https://of.the.present.root" },
        ]
        let with = try RootChange(to: config, of: root, at: Self.now)
        #expect(with.probes.map(\.urls) == [[Self.signingURL]])
        guard case .record(let record) = with.outcome else {
            Issue.record("\(with.outcome)")
            return
        }
        #expect(record.rootRotation.caKey.isEmpty)
        #expect(!record.rootRotation.crossSignedCaCert.isEmpty)
    }

    @Test func `servers that have the present root's key must sign the next one`() throws {
        let present = try RootAuthority(at: Self.now)
        var root = try ClusterRoot.record(of: present)
        root.caKey = Data()
        let config = SwarmCAConfig.with {
            $0.forceRotate = 1
            $0.externalCas = [.with { $0.url = Self.signingURL }]
        }
        let change = try RootChange(to: config, of: root, at: Self.now)
        #expect(change.probes == [.init(name: "current", urls: [Self.signingURL], root: root.caCert)])
        guard case .crossSigning(let signing) = change.outcome else {
            Issue.record("\(change.outcome)")
            return
        }
        #expect(signing.urls == [Self.signingURL])
        #expect(try CertificateRequest(pem: signing.request).key == signing.root.publicKey)
        let crossSigned = try present.crossSign(signing.root)
        try ForeignCertificate.checkCrossSigned(crossSigned, of: signing.root, by: root.caCert)
        let record = signing.record(with: try crossSigned.text)
        #expect(record.rootRotation.crossSignedCaCert == Data(try crossSigned.text.utf8))
        #expect(record.lastForcedRotation == 1)
    }

    @Test func `no rotation leads from servers to other servers`() throws {
        var root = try Self.record()
        root.caKey = Data()
        let config = try Self.config(RootAuthority(at: Self.now), withKey: false)
        #expect(
            throws: RootChangeError.invalid(
                field: "signing_ca_key",
                "rotating from one external CA to a different external CA is not supported"
            )
        ) { try RootChange(to: config, of: root, at: Self.now) }
    }
}
