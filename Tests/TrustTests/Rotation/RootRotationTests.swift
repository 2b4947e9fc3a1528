import FoundationEssentials
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing
@_spi(FixedExpiryValidationTime) import X509

@testable import Trust

/// Row CE2-07 of the parity list.
@Suite struct RootRotationTests {
    /// A cluster with nodes that have certificates and say so.
    private static func stage(nodes: Int) throws -> TrustStage {
        var stage = TrustStage()
        let root = try RootAuthority(at: stage.now)
        try stage.commit { transaction in
            var cluster = SwarmCluster.with { $0.id = "c1" }
            cluster.rootCa = try ClusterRoot.record(of: root)
            try transaction.create(cluster)
            let node = try SwarmNode.joining("n")
            for number in 0..<nodes {
                var node = node
                node.id = Self.name(number)
                try transaction.create(node)
            }
        }
        try stage.settle()
        let certificate = stage.cluster.rootCa.caCert
        for node in stage.state.nodes.all { try stage.change(node.id) { try $0.report(root: certificate) } }
        return stage
    }

    private static func name(_ number: Int) -> String { "n" + String(number + 1_000).dropFirst() }

    /// Asks for a rotation to a fresh root, as `docker swarm ca --rotate` does.
    private static func begin(_ stage: inout TrustStage) throws {
        let now = stage.now
        try stage.changeCluster { cluster in
            cluster.spec.caConfig.forceRotate += 1
            let change = try RootChange(to: cluster.spec.caConfig, of: cluster.rootCa, at: now)
            guard case .record(let record) = change.outcome else { return }
            cluster.rootCa = record
        }
        try stage.settle()
    }

    private static func told(_ stage: TrustStage) -> [String] {
        stage.state.nodes.all.filter { $0.certificate.status.state == .rotate }.map(\.id).sorted()
    }

    /// Has every node that was told renew and report.
    private static func renew(_ stage: inout TrustStage) throws {
        let told = Self.told(stage)
        for _ in 0..<2 {
            for node in told { try stage.answer(node) }
            try stage.settle()
        }
    }

    @Test func `six nodes change within no time, and the new root takes the old one's place`() throws {
        var stage = try Self.stage(nodes: 6)
        let (old, before) = (stage.cluster.rootCa, stage.now)
        try Self.begin(&stage)
        let new = stage.cluster.rootCa.rootRotation
        #expect(stage.cluster.rootCa.caCert == old.caCert)
        #expect(Self.told(stage).count == 6)
        try Self.renew(&stage)
        let root = stage.cluster.rootCa
        #expect(stage.now == before)
        #expect(!root.hasRootRotation)
        #expect(root.caCert == new.caCert && root.caKey == new.caKey)
        #expect(root.caCertHash == ClusterRoot.hash(of: new.caCert))
        #expect(root.lastForcedRotation == 1)
        for (token, former) in [
            (root.joinTokens.worker, old.joinTokens.worker),
            (root.joinTokens.manager, old.joinTokens.manager),
        ] {
            #expect(token != former)
            #expect(try JoinToken(parsing: token).trusts(root.caCert))
        }
        #expect(root.joinTokens.worker != root.joinTokens.manager)
        #expect(stage.deadline == nil)
    }

    @Test func `a certificate in between leads to both roots`() async throws {
        var stage = try Self.stage(nodes: 1)
        let old = try CertificateBundle.readOne(stage.cluster.rootCa.caCert, named: "root")
        try Self.begin(&stage)
        let new = try CertificateBundle.readOne(stage.cluster.rootCa.rootRotation.caCert, named: "root")
        try stage.answer("n000")
        try stage.settle()
        let node = try #require(stage.state.nodes["n000"])
        let chain = try CertificateBundle.read(node.certificate.certificate, named: "certificate")
        #expect(chain.count == 2)
        for root in [old, new] {
            var verifier = Verifier(rootCertificates: CertificateStore([root])) {
                RFC5280Policy(fixedExpiryValidationTime: Date(stage.now))
            }
            let intermediates = CertificateStore(chain.dropFirst())
            let result = await verifier.validate(leaf: chain[0], intermediates: intermediates)
            guard case .validCertificate = result else {
                Issue.record("\(result)")
                continue
            }
        }
    }

    @Test func `thirty nodes are told at once, and the next when these have come`() throws {
        var stage = try Self.stage(nodes: 70)
        try Self.begin(&stage)
        #expect(Self.told(stage) == (0..<30).map(Self.name))
        try Self.renew(&stage)
        #expect(Self.told(stage) == (30..<60).map(Self.name))
        try Self.renew(&stage)
        try Self.renew(&stage)
        #expect(!stage.cluster.rootCa.hasRootRotation)
    }

    @Test func `a batch that does not come holds up the next for three seconds`() throws {
        var stage = try Self.stage(nodes: 40)
        try Self.begin(&stage)
        #expect(stage.deadline == stage.now + .seconds(3))
        stage.advance(by: .seconds(3))
        try stage.settle()
        #expect(Self.told(stage).count == 40)
    }

    @Test func `a node that is down blocks it and is named, and one that was removed does not`() throws {
        var stage = try Self.stage(nodes: 3)
        try stage.change("n001") { $0.status.state = .down }
        stage.advance(by: .seconds(180))
        try Self.begin(&stage)
        for node in ["n000", "n002"] {
            for _ in 0..<2 {
                try stage.answer(node)
                try stage.settle()
            }
        }
        let progress = try #require(RotationProgress(of: stage.state, at: stage.now))
        #expect(progress.nodes == 3 && progress.done == 2)
        #expect(progress.blockers == [.init(node: "n001", reason: "down for 0s")])
        stage.advance(by: .seconds(600))
        try stage.settle()
        #expect(stage.cluster.rootCa.hasRootRotation)
        try stage.commit { try $0.remove(SwarmNode.self, id: "n001") }
        try stage.settle()
        #expect(!stage.cluster.rootCa.hasRootRotation)
        #expect(RotationProgress(of: stage.state, at: stage.now) == nil)
    }

    @Test func `a node that has its certificate has time to report it`() throws {
        var stage = try Self.stage(nodes: 1)
        try Self.begin(&stage)
        stage.advance(by: .seconds(10))
        try stage.answer("n000")
        try stage.settle()
        #expect(stage.state.nodes["n000"]?.certificate.status.state == .issued)
        stage.advance(by: .seconds(3))
        try stage.settle()
        #expect(stage.state.nodes["n000"]?.certificate.status.state == .rotate)
    }

    @Test func `the next leader finishes what one has begun`() throws {
        var stage = try Self.stage(nodes: 40)
        try Self.begin(&stage)
        stage.restart()
        try stage.settle()
        for _ in 0..<2 { try Self.renew(&stage) }
        stage.restart()
        try stage.settle()
        #expect(!stage.cluster.rootCa.hasRootRotation)
    }

    @Test func `another rotation takes the place of one that is under way`() throws {
        var stage = try Self.stage(nodes: 2)
        try Self.begin(&stage)
        let first = stage.cluster.rootCa.rootRotation.caCert
        try stage.answer("n000")
        try stage.settle()
        try stage.answer("n000")
        try Self.begin(&stage)
        #expect(stage.cluster.rootCa.rootRotation.caCert != first)
        stage.advance(by: .seconds(3))
        try stage.settle()
        #expect(Self.told(stage) == ["n000", "n001"])
        let second = stage.cluster.rootCa.rootRotation.caCert
        try Self.renew(&stage)
        #expect(stage.cluster.rootCa.caCert == second)
        #expect(stage.cluster.rootCa.lastForcedRotation == 2)
    }

    @Test func `a rotation that is given up tells nobody any more`() throws {
        var stage = try Self.stage(nodes: 40)
        let (now, root) = (stage.now, stage.cluster.rootCa)
        try Self.begin(&stage)
        try stage.changeCluster { cluster in
            cluster.spec.caConfig.signingCaCert = root.caCert
            cluster.spec.caConfig.signingCaKey = root.caKey
            let change = try RootChange(to: cluster.spec.caConfig, of: cluster.rootCa, at: now)
            guard case .record(let record) = change.outcome else { return }
            cluster.rootCa = record
        }
        stage.advance(by: .seconds(30))
        try stage.settle()
        #expect(!stage.cluster.rootCa.hasRootRotation)
        #expect(stage.cluster.rootCa.caCert == root.caCert)
        #expect(Self.told(stage).count == 30)
        try stage.answer("n000")
        try stage.settle()
        let node = try #require(stage.state.nodes["n000"])
        let chain = try CertificateBundle.read(node.certificate.certificate, named: "certificate")
        #expect(chain.count == 1)
    }
}
