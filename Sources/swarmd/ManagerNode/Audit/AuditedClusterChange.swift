import SwarmAPI
import SwiftProtobuf

/// What a request changes of a cluster, in words of a record: the names of what is changed, never what is in it.
enum AuditedClusterChange {
    /// The subject of `request`, made while the cluster is `present`; rotations alone where that is not known.
    static func subject(of request: SwarmUpdateClusterRequest, present: SwarmCluster?) -> AuditSubject {
        var subject = request.subject
        let isOfSame = present?.id == request.clusterID
        let changes =
            Self.rotations(request) + (isOfSame ? Self.changes(request, present?.spec ?? .init()) : [])
        // A request that changes nothing is recorded as that.
        if !changes.isEmpty { subject.object += ": " + changes.joined(separator: ", ") }
        return subject
    }

    private static func rotations(_ request: SwarmUpdateClusterRequest) -> [String] {
        let rotation = request.rotation
        return [
            rotation.workerJoinToken ? "new worker token" : nil,
            rotation.managerJoinToken ? "new manager token" : nil,
            rotation.managerUnlockKey ? "new unlock key" : nil,
        ].compactMap(\.self)
    }

    private static func changes(_ request: SwarmUpdateClusterRequest, _ old: SwarmClusterSpec) -> [String] {
        let new = request.spec
        let locks = new.encryptionConfig.autoLockManagers
        return [
            Self.isNewRoot(new.caConfig, old.caConfig) ? "new root certificate" : nil,
            locks != old.encryptionConfig.autoLockManagers ? "autolock \(locks ? "on" : "off")" : nil,
            new.caConfig.nodeCertExpiry != old.caConfig.nodeCertExpiry ? "certificates' validity" : nil,
            new.caConfig.externalCas != old.caConfig.externalCas ? "external authorities" : nil,
            new.orchestration != old.orchestration ? "task history" : nil,
            new.raft != old.raft ? "raft" : nil,
            new.dispatcher != old.dispatcher ? "heartbeat" : nil,
            new.taskDefaults != old.taskDefaults ? "task defaults" : nil,
            new.annotations != old.annotations ? "name or labels" : nil,
        ].compactMap(\.self)
    }

    private static func isNewRoot(_ new: SwarmCAConfig, _ old: SwarmCAConfig) -> Bool {
        new.forceRotate != old.forceRotate || new.signingCaCert != old.signingCaCert
            || !new.signingCaKey.isEmpty
    }
}

extension SwarmUpdateClusterRequest {
    func subject(in cluster: () -> SwarmCluster?) -> AuditSubject {
        AuditedClusterChange.subject(of: self, present: cluster())
    }
}
