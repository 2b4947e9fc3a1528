import Crypto
import FoundationEssentials
import Primitives
import Testing
import X509

@testable import Trust

/// What servers of CFSSL's are asked and answer: row CE2-07 of the parity list.
@Suite struct CFSSLTests {
    private static let now = Timestamp(seconds: 1_795_412_011)
    private static let name = NodeName(cluster: "c1", role: .manager, node: "n1")

    @Test func `a node's request is of SwarmKit's form`() throws {
        let body = try CFSSL.body(signing: "PEM\n", as: Self.name)
        #expect(
            String(decoding: body, as: UTF8.self) == #"{"certificate_request":"PEM\n","#
                + #""hosts":["swarm-manager","n1","swarm-ca"],"profile":"","#
                + #""subject":{"CN":"n1","names":[{"O":"c1","OU":"swarm-manager"}]}}"#
        )
    }

    @Test func `a root's request says that it is for a CA`() throws {
        let root = try RootAuthority(at: Self.now)
        let body = try CFSSL.body(crossSigning: "PEM", of: root.certificate)
        #expect(
            String(decoding: body, as: UTF8.self) == #"{"certificate_request":"PEM","#
                + #""extensions":[{"critical":true,"id":"2.5.29.19","value":"30030101ff"}],"#
                + #""hosts":[],"profile":"CA","subject":{"CN":"swarm-ca","names":[]}}"#
        )
    }

    @Test func `an answer has a certificate or a reason`() throws {
        let root = try RootAuthority(at: Self.now)
        let text = try root.pem.replacing("\n", with: "\\n")
        let good = #"{"success":true,"result":{"certificate":"\#(text)"},"errors":[],"messages":[]}"#
        #expect(try CFSSL.certificate(in: Data(good.utf8)) == root.certificate)
        let bad = #"{"success":false,"result":null,"errors":[{"code":1,"message":"no"}],"messages":[]}"#
        #expect(throws: AuthorityError.unmade("the external CA refused: no")) {
            try CFSSL.certificate(in: Data(bad.utf8))
        }
        for other in ["", "{}", "<html>", #"{"success":true,"result":{"certificate":"x"}}"#] {
            #expect(throws: AuthorityError.self) { try CFSSL.certificate(in: Data(other.utf8)) }
        }
    }

    @Test func `what a server signed is believed only if it is what was asked for`() throws {
        let (root, other) = (try RootAuthority(at: Self.now), try RootAuthority(at: Self.now))
        let text = try TestRequest.pem()
        let request = try CertificateRequest(pem: text)
        let pem = Data(try root.pem.utf8)
        func check(_ leaf: Certificate) throws {
            try ForeignCertificate.check(leaf, text, as: Self.name, by: pem, at: Self.now)
        }
        try check(try root.sign(request, as: Self.name, at: Self.now))
        let worker = NodeName(cluster: "c1", role: .worker, node: "n1")
        let stranger = try CertificateRequest(pem: TestRequest.pem())
        for (leaf, reason) in [
            (try other.sign(request, as: Self.name, at: Self.now), "signed with another key than the root's"),
            (try root.sign(request, as: worker, at: Self.now), "signed another name"),
            (try root.sign(stranger, as: Self.name, at: Self.now), "signed another key"),
        ] {
            #expect(throws: AuthorityError.unmade("the external CA \(reason)")) { try check(leaf) }
        }
        let old = try root.sign(request, as: Self.name, at: Self.now + .seconds(-400 * 86_400))
        #expect(throws: AuthorityError.unmade("the external CA's certificate is not valid now")) {
            try check(old)
        }
    }
}
