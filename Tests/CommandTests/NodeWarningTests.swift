import Crypto
import FoundationEssentials
import Primitives
import SwarmAPI
import SwiftASN1
import SwiftProtobuf
import Testing
import Trust
import X509

@testable import swarmd

@Suite struct NodeWarningTests {
    @Test func `nodes that wait for certificates are named with the reason, each once`() {
        func node(_ name: String, _ state: SwarmIssuanceStatus.State, _ reason: String) -> SwarmNode {
            .with {
                $0.id = name
                $0.certificate.status.state = state
                $0.certificate.status.err = reason
            }
        }
        let nodes = [
            node("b", .pending, "no CA"), node("a", .renew, "no CA"), node("a", .pending, "no CA"),
            node("c", .failed, "bad request"), node("d", .pending, ""),
        ]
        #expect(NodeListing.waits(nodes) == ["WARNING: no certificate yet for a, b: no CA"])
    }

    @Test func `certificates that end within thirty days are warned of, the most urgent first`() throws {
        let now = Timestamp(seconds: 1_800_000_000)
        let root = try RootAuthority(at: now)
        func node(_ name: String, daysLeft: Int64) throws -> SwarmNode {
            let signed = now + .seconds((daysLeft - 90) * 86_400)
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let request = try CertificateSigningRequest(
                version: .v1,
                subject: DistinguishedName { CommonName(name) },
                privateKey: key,
                attributes: .init(),
                signatureAlgorithm: .ecdsaWithSHA256
            )
            let leaf = try root.sign(
                CertificateRequest(pem: try request.serializeAsPEM().pemString),
                as: NodeName(cluster: "c", role: .worker, node: name),
                at: signed
            )
            return try .with {
                $0.description_p.hostname = name
                $0.certificate.certificate = Data(try leaf.text.utf8)
            }
        }
        let nodes = [
            try node("fine", daysLeft: 45), try node("soon", daysLeft: 25), try node("late", daysLeft: 3),
            try node("gone", daysLeft: -2), SwarmNode(),
        ]
        #expect(
            NodeListing.warnings(nodes, now: now) == [
                "WARNING: the certificate of gone ended 2 days ago: the node may only renew it",
                "WARNING: the certificate of late ends in 3 days: it should have been renewed",
                "WARNING: the certificate of soon ends in 3 weeks: it should have been renewed",
            ]
        )
    }

    @Test func `nodes that joined and were never seen are told of, with the way to remove them`() {
        let now = Timestamp(seconds: 1_800_000_000)
        func node(
            _ id: String,
            secondsAgo: Int64,
            _ change: (inout SwarmNode) -> Void = { _ in }
        ) -> SwarmNode {
            .with {
                $0.id = id
                $0.meta.createdAt = (now + .seconds(-secondsAgo)).protobuf
                change(&$0)
            }
        }
        let nodes = [
            node("young", secondsAgo: 20), node("lost", secondsAgo: 7_200),
            node("down", secondsAgo: 9_000) { $0.status.state = .down },
            node("seen", secondsAgo: 7_200) { $0.description_p.hostname = "seen" },
            node("here", secondsAgo: 7_200) { $0.status.state = .ready }, SwarmNode(),
        ]
        #expect(
            NodeListing.neverSeen(nodes, now: now) == [
                "WARNING: node down joined 3 hours ago and was never seen since: `swarmd node rm down` removes it",
                "WARNING: node lost joined 2 hours ago and was never seen since: `swarmd node rm lost` removes it",
            ]
        )
    }
}
