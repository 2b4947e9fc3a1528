import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import Trust

/// Joins that got no certificate, as where the external CA did not answer.
@Suite struct UnfinishedJoinTests {
    /// A cluster whose key is not here, so that nobody signs, with a node that has a certificate of another root.
    private static func stage() throws -> TrustStage {
        var stage = TrustStage()
        let root = try RootAuthority(at: stage.now)
        try stage.commit { transaction in
            var cluster = SwarmCluster.with { $0.id = "c1" }
            cluster.rootCa = try ClusterRoot.record(of: root)
            cluster.rootCa.caKey.removeAll()
            try transaction.create(cluster)
        }
        return stage
    }

    private static func join(_ id: String, _ stage: inout TrustStage) throws {
        var node = try SwarmNode.joining(id)
        node.status = .init()
        try stage.commit { try $0.create(node) }
    }

    /// Begins a rotation to a root whose key is with others too.
    private static func rotate(_ stage: inout TrustStage) throws {
        let root = try RootAuthority(at: stage.now)
        try stage.changeCluster { cluster in
            cluster.rootCa.rootRotation.caCert = try ClusterRoot.record(of: root).caCert
        }
        try stage.settle()
    }

    @Test func `a join without a certificate is awaited for a minute and then blocks no rotation`() throws {
        var stage = try Self.stage()
        try Self.join("n1", &stage)
        try Self.rotate(&stage)
        let blockers = RotationProgress(of: stage.state, at: stage.now)?.blockers
        #expect(blockers == [.init(node: "n1", reason: "never got a certificate: `swarmd node rm n1`")])
        #expect(stage.state.nodes["n1"]?.certificate.status.state == .pending)
        stage.advance(by: .seconds(59))
        try stage.settle()
        #expect(stage.cluster.rootCa.hasRootRotation)
        #expect(stage.deadline == stage.now + .seconds(1))
        stage.advance(by: .seconds(1))
        #expect(RotationProgress(of: stage.state, at: stage.now)?.blockers.isEmpty == true)
        try stage.settle()
        #expect(!stage.cluster.rootCa.hasRootRotation)
    }

    @Test func `a join that was refused its certificate says so`() throws {
        var stage = try Self.stage()
        try Self.join("n1", &stage)
        try stage.change("n1") { node in
            node.certificate.status = .with {
                $0.state = .failed
                $0.err = "no"
            }
        }
        try Self.rotate(&stage)
        let reason = RotationProgress(of: stage.state, at: stage.now)?.blockers.first?.reason
        #expect(reason == "never got a certificate: `swarmd node rm n1`: no")
    }

    @Test func `a node that never came is known by the certificate that was made for it`() throws {
        var stage = try Self.stage()
        let (old, new) = (try RootAuthority(at: stage.now), try RootAuthority(at: stage.now))
        for (id, root) in [("n1", old), ("n2", new)] {
            try Self.join(id, &stage)
            let signing = NodeSigning(of: stage.cluster, at: stage.now)
            try stage.change(id) { $0 = signing.answer($0, by: root, intermediates: "") }
        }
        try stage.changeCluster { cluster in
            cluster.rootCa.rootRotation.caCert = try ClusterRoot.record(of: new).caCert
        }
        stage.advance(by: .seconds(7_200))
        let reason = "got a certificate and never came: `swarmd node rm n1`"
        let progress = RotationProgress(of: stage.state, at: stage.now)
        #expect(progress?.blockers == [.init(node: "n1", reason: reason)])
        #expect(progress?.done == 1)
        try stage.commit { try $0.remove(SwarmNode.self, id: "n1") }
        try stage.settle()
        #expect(!stage.cluster.rootCa.hasRootRotation)
        #expect(stage.state.nodes["n2"]?.certificate.status.state == .issued)
    }

    @Test func `a join without a certificate is removed after an hour, also by the next leader`() throws {
        var stage = try Self.stage()
        try Self.join("n1", &stage)
        stage.advance(by: .seconds(3_599))
        stage.restart()
        try stage.settle()
        #expect(stage.state.nodes["n1"] != nil)
        stage.advance(by: .seconds(1))
        try stage.settle()
        #expect(stage.state.nodes["n1"] == nil)
        #expect(stage.deadline == nil)
    }

    @Test(arguments: [
        "a node with a session", "a node that was seen", "a node that an operator has to accept", "a founder",
    ])
    func `others stay`(_ which: String) throws {
        var stage = try Self.stage()
        try Self.join("n1", &stage)
        try stage.change("n1") { node in
            switch which {
            case "a node with a session": node.status.state = .ready
            case "a node that was seen": node.description_p.hostname = "h"
            case "a node that an operator has to accept": node.spec.membership = .pending
            default: node.certificate.status.state = .issued
            }
        }
        stage.advance(by: .seconds(7_200))
        try stage.settle()
        #expect(stage.state.nodes["n1"] != nil)
    }
}
