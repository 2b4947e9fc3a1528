import FoundationEssentials
import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Trust

/// What `UpdateCluster` does to the cluster's tokens and keys (SwarmKit `controlapi/cluster.go`, `UpdateCluster`).
enum KeyRotation {
    /// Makes the join tokens anew that `rotation` names.
    static func rotateTokens(_ rotation: SwarmKeyRotation, of cluster: inout SwarmCluster) throws(RPCError) {
        guard rotation.workerJoinToken || rotation.managerJoinToken else { return }
        let root = cluster.rootCa.caCert
        guard !root.isEmpty else {
            throw .precondition("rotation: the cluster has no root certificate, of which join tokens speak")
        }
        if rotation.workerJoinToken {
            cluster.rootCa.joinTokens.worker = ClusterRoot.token(for: root, requiresFIPS: cluster.fips)
        }
        if rotation.managerJoinToken {
            cluster.rootCa.joinTokens.manager = ClusterRoot.token(for: root, requiresFIPS: cluster.fips)
        }
    }

    /// Makes the key that locks managers' files, or a new one, or takes it away, as the spec and `rotation` say.
    static func updateUnlockKey(_ rotation: SwarmKeyRotation, of cluster: inout SwarmCluster) {
        let others = cluster.unlockKeys.filter { $0.subsystem != ClusterKeys.manager }
        guard cluster.spec.encryptionConfig.autoLockManagers else {
            cluster.unlockKeys = others
            return
        }
        guard cluster.managerUnlockKey == nil || rotation.managerUnlockKey else { return }
        var generator = SystemRandomNumberGenerator()
        let key = UnlockKey(using: &generator)
        cluster.unlockKeys =
            others + [
                .with {
                    $0.subsystem = ClusterKeys.manager
                    $0.key = Data(key.bytes)
                }
            ]
    }
}
