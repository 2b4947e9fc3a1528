import FoundationEssentials
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing
import X509

@testable import Trust

/// Rows CE2-01 and CE2-09 of the parity list.
@Suite struct CertificateSignerTests {
    private static func stage(_ change: (inout SwarmCluster) -> Void = { _ in }) throws -> TrustStage {
        var stage = TrustStage()
        let root = try RootAuthority(at: stage.now)
        try stage.commit { transaction in
            var cluster = SwarmCluster.with { $0.id = "c1" }
            cluster.rootCa = try ClusterRoot.record(of: root)
            change(&cluster)
            try transaction.create(cluster)
        }
        return stage
    }

    private static func chain(_ stage: TrustStage, _ node: String) throws -> [Certificate] {
        let node = try #require(stage.state.nodes[node])
        return try CertificateBundle.read(node.certificate.certificate, named: "certificate")
    }

    @Test(arguments: [SwarmNodeRole.worker, .manager])
    func `CE2-01: a node that was accepted gets a certificate of its role`(role: SwarmNodeRole) throws {
        var stage = try Self.stage()
        try stage.commit { try $0.create(SwarmNode.joining("n1", role: role)) }
        let request = try #require(stage.state.nodes["n1"]).certificate.csr
        try stage.settle()
        let chain = try Self.chain(stage, "n1")
        let expected = NodeName(cluster: "c1", role: role == .manager ? .manager : .worker, node: "n1")
        #expect(chain.count == 1)
        #expect(NodeName(chain[0].subject) == expected)
        let node = try #require(stage.state.nodes["n1"])
        #expect(node.certificate.status.state == .issued)
        #expect(node.certificate.csr == request)
        #expect(stage.deadline == nil)
    }

    @Test func `why a node waits is noted once, and does not have it tried sooner`() throws {
        var node = try SwarmNode.joining("n1")
        var queue = SigningQueue()
        let now = Timestamp(seconds: 1_700_000_000)
        queue.postpone("n1", now: now)
        let waiting = try #require(NodeSigning.waiting(node, "no server"))
        #expect(NodeSigning.waiting(waiting, "no server") == nil)
        let commit = Commit(
            index: 1,
            changes: [.update(.node(waiting), old: .node(node))],
            state: StoreState()
        )
        queue.observe(commit, now: now)
        #expect(queue.deadline == now + SigningQueue.retry)
        node = NodeSigning.issued(waiting, "chain")
        #expect(node.certificate.status.err.isEmpty)
    }

    @Test func `a node that was not accepted waits until it is`() throws {
        var stage = try Self.stage()
        try stage.commit { transaction in
            var node = try SwarmNode.joining("n1")
            node.spec.membership = .pending
            try transaction.create(node)
        }
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .pending)
        try stage.change("n1") { $0.spec.membership = .accepted }
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .issued)
    }

    @Test func `a renewal is signed for the role that the store gives the node`() throws {
        var stage = try Self.stage()
        try stage.commit { try $0.create(SwarmNode.joining("n1", role: .manager)) }
        try stage.settle()
        try stage.change("n1") { node in
            try node.ask()
            node.role = .worker
        }
        try stage.settle()
        #expect(NodeName(try Self.chain(stage, "n1")[0].subject)?.role == .worker)
    }

    @Test(arguments: [(7_200 as Int64, 7_200 as Int64), (60, 7_776_000)])
    func `CE2-01: the cluster says how long it is valid, an hour at least`(
        given: Int64,
        expected: Int64
    ) throws {
        var stage = try Self.stage { $0.spec.caConfig.nodeCertExpiry.seconds = given }
        try stage.commit { try $0.create(SwarmNode.joining("n1")) }
        try stage.settle()
        let validity = try Self.chain(stage, "n1")[0].validity
        #expect(validity.upperBound - validity.lowerBound == .seconds(expected + 3_600))
    }

    @Test func `what cannot be signed fails with the reason, and may be asked for anew`() throws {
        var stage = try Self.stage()
        try stage.commit { transaction in
            var node = try SwarmNode.joining("n1")
            node.certificate.csr = Data("garbage".utf8)
            try transaction.create(node)
        }
        try stage.settle()
        let status = try #require(stage.state.nodes["n1"]).certificate.status
        #expect(status.state == .failed)
        #expect(status.err == "certificate request: it is no PKCS #10 request in PEM")
        try stage.change("n1") { try $0.ask() }
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .issued)
    }

    @Test func `CE2-09: a cluster without a key has its nodes wait, 10 s at a time`() throws {
        var stage = try Self.stage { $0.rootCa.caKey = Data() }
        let key = Data(try RootAuthority(at: stage.now).keyPEM.utf8)
        try stage.commit { try $0.create(SwarmNode.joining("n1")) }
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .pending)
        #expect(stage.deadline == stage.now + .seconds(10))
        // A key that is not the root's is none either.
        try stage.changeCluster { $0.rootCa.caKey = key }
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .pending)
        let root = try RootAuthority(at: stage.now)
        try stage.changeCluster { $0.rootCa = try ClusterRoot.record(of: root) }
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .issued)
    }

    @Test func `where servers of others have the key it leaves the nodes to them`() throws {
        var stage = try Self.stage {
            $0.spec.caConfig.externalCas = [.with { $0.url = "https://ca.example/sign" }]
        }
        try stage.commit { try $0.create(SwarmNode.joining("n1")) }
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .pending)
        #expect(stage.deadline == nil)
    }

    @Test func `a thousand newcomers are served, some at a time`() throws {
        var stage = try Self.stage()
        let request = try SwarmNode.joining("n")
        try stage.commit { transaction in
            for number in 0..<250 {
                var node = request
                node.id = "n\(number)"
                try transaction.create(node)
            }
        }
        try stage.settle()
        #expect(stage.edits.count == 50)
        #expect(stage.state.nodes.all.allSatisfy { $0.certificate.status.state == .issued })
    }

    @Test func `a new leader goes on with who waits`() throws {
        var stage = try Self.stage()
        try stage.commit { try $0.create(SwarmNode.joining("n1")) }
        stage.restart()
        try stage.settle()
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .issued)
    }
}
