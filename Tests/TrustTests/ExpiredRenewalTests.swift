import FoundationEssentials
import Primitives
import SwarmAPI
import SwiftASN1
import Testing
import X509

@testable import Trust

/// Row P-05: a node whose certificate ended while it was off is not lost.
@Suite struct ExpiredRenewalTests {
    private static let now = Timestamp(seconds: 1_795_412_011)
    private static let name = NodeName(cluster: "c1", role: .worker, node: "n1")

    /// A node with its last certificate, and that certificate.
    private static func node() throws -> (SwarmNode, Certificate) {
        var node = try SwarmNode.joining("n1")
        let root = try RootAuthority(at: Self.now)
        let request = try CertificateRequest(pem: TestRequest.pem())
        let leaf = try root.sign(request, as: Self.name, at: Self.now)
        node = NodeSigning.issued(node, try leaf.text)
        return (node, leaf)
    }

    private static func fingerprint(_ certificate: Certificate) throws -> String {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return ExpiredRenewal.hash(of: serializer.serializedBytes)
    }

    @Test func `the last certificate is good for another one, for 30 days after its end`() throws {
        let (node, leaf) = try Self.node()
        let shown = try Self.fingerprint(leaf)
        let end = leaf.validity.upperBound
        #expect(ExpiredRenewal.end(of: node) == end)
        try ExpiredRenewal.check(shown, of: Self.name, node, at: end + .seconds(30 * 86_400))
        #expect(throws: ExpiredRenewal.Refusal.tooLate) {
            try ExpiredRenewal.check(shown, of: Self.name, node, at: end + .seconds(30 * 86_400 + 1))
        }
    }

    @Test func `a node that is gone or has another role or certificate is refused`() throws {
        let (node, leaf) = try Self.node()
        let shown = try Self.fingerprint(leaf)
        let late = leaf.validity.upperBound + .seconds(1)
        #expect(throws: ExpiredRenewal.Refusal.unknownNode) {
            try ExpiredRenewal.check(shown, of: Self.name, nil, at: late)
        }
        var promoted = node
        promoted.role = .manager
        #expect(throws: ExpiredRenewal.Refusal.otherRole) {
            try ExpiredRenewal.check(shown, of: Self.name, promoted, at: late)
        }
        let (replaced, _) = try Self.node()
        #expect(throws: ExpiredRenewal.Refusal.replaced) {
            try ExpiredRenewal.check(shown, of: Self.name, replaced, at: late)
        }
        for certificate in ["", "garbage"] {
            var without = node
            without.certificate.certificate = Data(certificate.utf8)
            #expect(throws: ExpiredRenewal.Refusal.replaced) {
                try ExpiredRenewal.check(shown, of: Self.name, without, at: late)
            }
        }
        #expect(throws: ExpiredRenewal.Refusal.replaced) {
            try ExpiredRenewal.check(nil, of: Self.name, node, at: late)
        }
    }
}
