import Crypto
import FoundationEssentials
import Primitives
import SwarmAPI
import SwiftASN1
import SwiftProtobuf
import Testing
import Trust
import X509

@testable import ManagerNode
@testable import StoreCore

@Suite struct TrustSummaryTests {
    private static let now = Timestamp(seconds: 1_700_000_000)

    /// A node with a certificate of `root`, which says so.
    private static func node(
        _ id: String,
        of root: RootAuthority?,
        seconds: Int64 = 7_776_000
    ) throws -> SwarmNode {
        var node = SwarmNode()
        node.id = id
        node.status.state = .ready
        node.certificate.status.state = .issued
        guard let root else { return node }
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName(id) },
            privateKey: key,
            attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256
        )
        let leaf = try root.sign(
            CertificateRequest(pem: try request.serializeAsPEM().pemString),
            as: NodeName(cluster: "c", role: .worker, node: id),
            at: Self.now,
            expiry: .seconds(seconds)
        )
        node.certificate.certificate = Data((try leaf.text + root.pem).utf8)
        let issuer = try CertificateIssuer(root.certificate)
        node.description_p.tlsInfo.certIssuerSubject = Data(issuer.subject)
        node.description_p.tlsInfo.certIssuerPublicKey = Data(issuer.publicKey)
        node.description_p.tlsInfo.trustRoot = Data(try root.pem.utf8)
        return node
    }

    private static func state(
        _ root: RootAuthority?,
        to target: RootAuthority? = nil,
        _ nodes: [SwarmNode]
    ) throws -> StoreState {
        var cluster = SwarmCluster()
        cluster.id = "c"
        cluster.spec.annotations.name = ClusterView.name
        cluster.spec.encryptionConfig.autoLockManagers = true
        if let root { cluster.rootCa.caCert = Data(try root.pem.utf8) }
        if let target { cluster.rootCa.rootRotation.caCert = Data(try target.pem.utf8) }
        var state = StoreState()
        state.clusters.put(cluster)
        for node in nodes { state.nodes.put(node) }
        return state
    }

    private static func digest(_ root: RootAuthority) throws -> String {
        JoinToken.digest(of: Array(try root.pem.utf8))
    }

    @Test func `certificates are told with their times and the root they come from`() throws {
        let root = try RootAuthority(at: Self.now)
        var summary = TrustSummary()
        let nodes = [try Self.node("a", of: root), try Self.node("b", of: nil)]
        summary.refresh(with: try Self.state(root, nodes), now: Self.now)
        let status = summary.status
        let digest = try Self.digest(root)
        #expect(status.rootDigest == digest && status.autolock && !status.hasRotation)
        #expect(Timestamp(status.rootNotAfter) == root.certificate.validity.upperBound)
        #expect(status.certificates.map(\.nodeID) == ["a", "b"])
        #expect(status.certificates[0].issuerDigest == digest && status.certificates[0].isCurrent)
        let life = Timestamp(status.certificates[0].notAfter) - Timestamp(status.certificates[0].notBefore)
        #expect(life == .seconds(7_776_000 + 3600))
        #expect(!status.certificates[1].hasNotAfter && status.certificates[1].issuerDigest.isEmpty)
    }

    @Test func `a rotation is as far as the nodes that have the new root, and the others say why`() throws {
        let (old, new) = (try RootAuthority(at: Self.now), try RootAuthority(at: Self.now))
        var asked = try Self.node("b", of: old)
        asked.certificate.status.state = .rotate
        var down = try Self.node("c", of: old)
        down.status.state = .down
        down.meta.updatedAt = Self.now.protobuf
        let nodes = [try Self.node("a", of: new), asked, down, try Self.node("d", of: old)]
        var summary = TrustSummary()
        summary.refresh(with: try Self.state(old, to: new, nodes), now: Self.now)
        let rotation = summary.status.rotation
        #expect(rotation.nodes == 4 && rotation.done == 1)
        #expect(rotation.targetDigest == (try Self.digest(new)))
        #expect(rotation.blockers.map(\.reason) == ["asked to renew", "down for 0s", "waits for its batch"])
        #expect(summary.status.certificates.map(\.isCurrent) == [true, false, false, false])
        #expect(summary.status.certificates[3].issuerDigest == (try Self.digest(old)))
    }

    @Test func `how long a node has been down grows with time alone`() throws {
        let (old, new) = (try RootAuthority(at: Self.now), try RootAuthority(at: Self.now))
        var down = try Self.node("c", of: old)
        down.status.state = .down
        down.meta.updatedAt = Self.now.protobuf
        let state = (state: try Self.state(old, to: new, [down]), index: UInt64(5))
        let board = TrustBoard()
        #expect(board.edition(of: state, asOf: board.marks, [], now: Self.now).number == 1)
        let later = Self.now + .seconds(200)
        #expect(board.isDue([], now: later))
        let edition = board.edition(of: state, asOf: board.marks, [], now: later)
        #expect(edition.number == 2)
        #expect(edition.status.rotation.blockers.map(\.reason) == ["down for 3m"])
        #expect(!board.isDue([], now: later + .seconds(1)))
    }

    @Test func `texts that are no certificates are left out`() throws {
        var node = try Self.node("a", of: nil)
        node.certificate.certificate = Data(
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8
        )
        var state = try Self.state(nil, [node])
        var cluster = SwarmCluster()
        cluster.id = "c"
        cluster.spec.annotations.name = ClusterView.name
        cluster.rootCa.caCert = Data(repeating: 0xff, count: 100)
        state.clusters.put(cluster)
        var summary = TrustSummary()
        summary.refresh(with: state, now: Self.now)
        #expect(summary.status.rootDigest.isEmpty && !summary.status.hasRootNotAfter)
        #expect(!summary.status.certificates[0].hasNotAfter)
    }

    @Test func `an edition is new only when it differs`() throws {
        let root = try RootAuthority(at: Self.now)
        let board = TrustBoard()
        let state = (state: try Self.state(root, [try Self.node("a", of: root)]), index: UInt64(5))
        let empty = (state: StoreState(), index: UInt64(6))
        func edition(
            _ state: (state: StoreState, index: UInt64),
            _ refusals: [SwarmdRefusalCount] = []
        ) -> TrustBoard.Edition {
            board.edition(of: state, asOf: board.marks, refusals, now: Self.now)
        }
        #expect(edition(state).number == 1)
        #expect(edition(empty).number == 1, "nobody said that it is old")
        board.markOld()
        #expect(edition(state).number == 1)
        let refusals = [
            SwarmdRefusalCount.with {
                $0.reason = "wrong role"
                $0.count = 1
            }
        ]
        #expect(board.isDue(refusals, now: Self.now))
        let next = edition(state, refusals)
        #expect(next.number == 2 && next.status.refusals == refusals)
        #expect(!board.isDue(refusals, now: Self.now))
        board.markOld()
        #expect(edition(empty, refusals).status.certificates.isEmpty)
    }

    @Test func `a commit between the reading and the making of a summary is not lost`() throws {
        let root = try RootAuthority(at: Self.now)
        let board = TrustBoard()
        let marks = board.marks
        let before = (state: try Self.state(root, []), index: UInt64(5))
        let after = (state: try Self.state(root, [try Self.node("a", of: root)]), index: UInt64(6))
        board.markOld()
        #expect(board.edition(of: before, asOf: marks, [], now: Self.now).status.certificates.isEmpty)
        #expect(board.edition(of: after, asOf: board.marks, [], now: Self.now).status.certificates.count == 1)
        // Whoever read its state earlier does not take the summary back.
        board.markOld()
        #expect(
            board.edition(of: before, asOf: board.marks, [], now: Self.now).status.certificates.count == 1
        )
    }
}
