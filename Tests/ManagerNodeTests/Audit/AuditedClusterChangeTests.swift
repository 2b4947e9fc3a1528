import Glibc
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct AuditedClusterChangeTests {
    private static let cluster = SwarmCluster.with {
        $0.id = "c1"
        $0.spec.caConfig.forceRotate = 2
        $0.spec.encryptionConfig.autoLockManagers = true
    }

    private static func object(
        in cluster: SwarmCluster? = Self.cluster,
        _ change: (inout SwarmUpdateClusterRequest) -> Void
    ) -> String {
        var request = SwarmUpdateClusterRequest.with {
            $0.clusterID = "c1"
            $0.spec = Self.cluster.spec
        }
        change(&request)
        return AuditSubject(of: request, in: { cluster }).object
    }

    @Test func `each rotation is told from the others`() {
        #expect(Self.object { $0.rotation.workerJoinToken = true } == "cluster c1: new worker token")
        #expect(Self.object { $0.rotation.managerJoinToken = true } == "cluster c1: new manager token")
        #expect(Self.object { $0.rotation.managerUnlockKey = true } == "cluster c1: new unlock key")
        #expect(Self.object { $0.spec.caConfig.forceRotate += 1 } == "cluster c1: new root certificate")
        #expect(
            Self.object { $0.spec.encryptionConfig.autoLockManagers = false } == "cluster c1: autolock off"
        )
    }

    @Test func `several changes are all named, and none is none`() {
        let object = Self.object {
            $0.rotation.workerJoinToken = true
            $0.spec.raft.snapshotInterval = 7
            $0.spec.annotations.labels = ["secret": "word"]
        }
        #expect(object == "cluster c1: new worker token, raft, name or labels")
        #expect(Self.object { _ in } == "cluster c1")
    }

    @Test func `where the cluster is not known, rotations are`() {
        let object = Self.object(in: nil) {
            $0.rotation.managerUnlockKey = true
            $0.spec.encryptionConfig.autoLockManagers = false
        }
        #expect(object == "cluster c1: new unlock key")
    }

    @Test func `what the daemon itself asks for is marked`() {
        func isByDaemon(_ pid: UInt32) -> Bool {
            let peer = PeerIdentity(.local(.init(uid: 0, gid: 0, pid: pid)))
            return AuditedCall("CA.GetUnlockKey", about: AuditSubject("unlock key"), by: peer)
                .record(textLimit: 256).byDaemon
        }
        #expect(isByDaemon(UInt32(getpid())))
        #expect(!isByDaemon(UInt32(getppid())))
        #expect(!isByDaemon(0))
    }
}
