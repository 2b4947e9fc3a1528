import FoundationEssentials
import GRPCCore
import SwarmAPI

/// Whether a cluster's spec can be taken (SwarmKit `controlapi/cluster.go`, `validateClusterSpec`).
enum ClusterSpecValidation {
    /// The shortest validity of a node's certificate (SwarmKit `ca.MinNodeCertExpiration`).
    static let minimumCertificateExpiry = Duration.seconds(3600)

    static func check(_ spec: SwarmClusterSpec) throws(RPCError) {
        if spec.caConfig.hasNodeCertExpiry {
            let expiry = Duration(spec.caConfig.nodeCertExpiry)
            guard expiry >= Self.minimumCertificateExpiry else {
                throw .invalid("node_cert_expiry: minimum certificate expiry time is: 1h0m0s")
            }
        }
        if spec.dispatcher.hasHeartbeatPeriod && Duration(spec.dispatcher.heartbeatPeriod) < .zero {
            throw .invalid("heartbeat time period cannot be a negative duration")
        }
        if spec.orchestration.taskHistoryRetentionLimit < -1 {
            throw .invalid("task_history_retention_limit: -1 keeps all, lower values have no meaning")
        }
        guard spec.annotations.name == ClusterView.name else {
            throw .invalid("modification of cluster name is not allowed")
        }
    }

    /// Refuses changes that need the certificate authority.
    static func checkAvailable(
        _ spec: SwarmClusterSpec,
        instead old: SwarmClusterSpec
    ) throws(RPCError) {
        let (new, old) = (spec.caConfig, old.caConfig)
        if !new.signingCaCert.isEmpty || !new.signingCaKey.isEmpty || new.forceRotate != old.forceRotate {
            throw .unimplemented("ca_config: rotation of the root certificate is not available yet")
        }
        if new.externalCas != old.externalCas {
            throw .unimplemented("external_cas: external certificate authorities are not available yet")
        }
        if spec.encryptionConfig.autoLockManagers {
            throw .unimplemented("auto_lock_managers: locking of managers is not available yet")
        }
    }

    /// Refuses rotations: there are no tokens or keys to rotate before the certificate authority.
    static func checkAvailable(_ rotation: SwarmKeyRotation) throws(RPCError) {
        if rotation.workerJoinToken { throw Self.noRotation("worker_join_token") }
        if rotation.managerJoinToken { throw Self.noRotation("manager_join_token") }
        if rotation.managerUnlockKey { throw Self.noRotation("manager_unlock_key") }
    }

    private static func noRotation(_ field: String) -> RPCError {
        .unimplemented("\(field): rotation is not available yet")
    }
}
