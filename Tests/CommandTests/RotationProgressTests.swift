import Foundation
import Primitives
import SwarmAPI
import SwiftASN1
import SwiftProtobuf
import Testing
import Trust
import X509

@testable import swarmd

@Suite struct RotationProgressTests {
    private let old: RootAuthority
    private let new: RootAuthority

    init() throws {
        self.old = try RootAuthority(at: Timestamp(seconds: 1_700_000_000))
        self.new = try RootAuthority(at: Timestamp(seconds: 1_700_000_000))
    }

    private func node(
        _ name: String,
        from root: RootAuthority,
        trusting trusted: RootAuthority
    ) throws -> SwarmNode {
        let key = try root.certificate.publicKey.serializeAsPEM().derBytes
        let pem = try trusted.pem
        return .with {
            $0.description_p.hostname = name
            $0.description_p.tlsInfo.certIssuerPublicKey = Data(key)
            $0.description_p.tlsInfo.trustRoot = Data(pem.utf8)
        }
    }

    private func cluster(isUnderWay: Bool) throws -> SwarmCluster {
        let (old, new) = (try self.old.pem, try self.new.pem)
        return .with {
            $0.rootCa.caCert = Data((isUnderWay ? old : new).utf8)
            if isUnderWay { $0.rootCa.rootRotation.caCert = Data(new.utf8) }
        }
    }

    @Test func `nodes are counted by the root that signed them`() throws {
        let nodes = [
            try self.node("a", from: self.new, trusting: self.old),
            try self.node("b", from: self.old, trusting: self.old),
        ]
        let progress = RotationProgress(try self.cluster(isUnderWay: true), nodes)
        #expect((progress.renewed, progress.trusting, progress.nodes) == (1, 0, 2))
        #expect(progress.lines.contains("  rotated TLS certificates: 1/2 nodes"))
        #expect(progress.waiting == [LateNode(name: "b", isUp: false, isManager: false)])
        #expect(progress.lines.first?.hasPrefix("desired root digest: sha256:") == true)
    }

    @Test func `a rotation that is over has no target`() throws {
        let nodes = [try self.node("a", from: self.new, trusting: self.new)]
        let progress = RotationProgress(try self.cluster(isUnderWay: false), nodes)
        #expect(progress.target == nil)
        #expect(progress.lines.count == 1)
    }

    private func progress(_ nodes: [SwarmNode]) throws -> swarmd.RotationProgress {
        RotationProgress(try self.cluster(isUnderWay: true), nodes)
    }

    @Test func `a rotation that stands still names the nodes that hold it up, once, and what to do`() throws {
        var down = try self.node("b", from: self.old, trusting: self.old)
        down.status.state = .down
        var up = try self.node("a", from: self.old, trusting: self.old)
        up.status.state = .ready
        let done = try self.node("c", from: self.new, trusting: self.old)
        let start = ContinuousClock.now
        var stall = RotationStall()
        let before = try self.progress([up, down, done])
        #expect(stall.line(for: before, at: start) == nil)
        #expect(stall.line(for: before, at: start + .seconds(9)) == nil)
        #expect(
            stall.line(for: before, at: start + .seconds(10))
                == "no progress for 10 s, waiting for b (down), a: bring up what is down, or take it out with "
                + "`swarmd node rm --force b`; Ctrl-C ends this command, and the rotation goes on"
        )
        #expect(stall.line(for: before, at: start + .seconds(30)) == nil)
        // Another node is through: that is progress, and others hold it up.
        let after = try self.progress([down, done, self.node("a", from: self.new, trusting: self.old)])
        #expect(stall.line(for: after, at: start + .seconds(31)) == nil)
        #expect(stall.line(for: after, at: start + .seconds(41))?.contains("waiting for b (down): ") == true)
        let over = try RotationProgress(self.cluster(isUnderWay: false), [done])
        #expect(stall.line(for: over, at: start + .seconds(90)) == nil)
    }

    @Test func `a name that several nodes have stands for none of them`() throws {
        let nodes = try (1...2).map { number in
            var node = try self.node("same", from: self.old, trusting: self.old)
            node.id = "id\(number)"
            node.role = .manager
            return node
        }
        #expect(try self.progress(nodes).waiting.map(\.name) == ["id1", "id2"])
        var stall = RotationStall()
        let start = ContinuousClock.now
        _ = stall.line(for: try self.progress(nodes), at: start)
        let line = stall.line(for: try self.progress(nodes), at: start + .seconds(11))
        #expect(line?.contains("`swarmd node demote id1` and `swarmd node rm --force id1`") == true)
    }

    @Test func `a node that never got a certificate is named as one that can only be taken out`() throws {
        let unfinished = SwarmNode.with {
            $0.id = "id1"
            $0.certificate.status.state = .pending
            $0.meta.createdAt = Timestamp(seconds: 1_700_000_000).protobuf
        }
        let cluster = try self.cluster(isUnderWay: true)
        let late = RotationProgress(cluster, [unfinished], at: Timestamp(seconds: 1_700_000_060))
        #expect(late.nodes == 0 && late.waiting.isEmpty)
        let young = RotationProgress(cluster, [unfinished], at: Timestamp(seconds: 1_700_000_059))
        var stall = RotationStall()
        let start = ContinuousClock.now
        _ = stall.line(for: young, at: start)
        let line = stall.line(for: young, at: start + .seconds(10))
        #expect(line?.contains("waiting for id1 (never got a certificate): let its join end, or ") == true)
        #expect(line?.contains("`swarmd node rm id1`") == true)
    }
}
