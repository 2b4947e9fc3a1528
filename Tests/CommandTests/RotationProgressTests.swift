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
        #expect(progress.lines.contains("  rotated TLS certificates: 1/2 nodes, waiting for b"))
        #expect(progress.lines.first?.hasPrefix("desired root digest: sha256:") == true)
    }

    @Test func `a rotation that is over has no target`() throws {
        let nodes = [try self.node("a", from: self.new, trusting: self.new)]
        let progress = RotationProgress(try self.cluster(isUnderWay: false), nodes)
        #expect(progress.target == nil)
        #expect(progress.lines.count == 1)
    }
}
