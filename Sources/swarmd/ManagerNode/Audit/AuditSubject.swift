import SwarmAPI

/// What a request is about, in words of a record; never what it carries.
///
/// Names and identifiers only: specs may hold secrets, in environments and payloads.
struct AuditSubject: Equatable {
    /// "service web", "node 1f2e".
    var object = ""
    /// The version of the object that the caller wants to change.
    var version: UInt64 = 0

    init(_ object: String, version: UInt64 = 0) {
        self.object = object
        self.version = version
    }

    /// The subject of a request of any service, made of this `cluster`; nothing for a request that names none.
    init(of request: any Sendable, in cluster: () -> SwarmCluster?) {
        self = (request as? any AuditedRequest)?.subject(in: cluster) ?? Self("")
    }
}

/// A request that names what it is about.
protocol AuditedRequest {
    var subject: AuditSubject { get }

    /// The same, where it takes what the cluster is before the change.
    func subject(in cluster: () -> SwarmCluster?) -> AuditSubject
}

extension AuditedRequest {
    func subject(in cluster: () -> SwarmCluster?) -> AuditSubject { self.subject }
}

extension SwarmCreateServiceRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("service \(spec.annotations.name)") }
}

extension SwarmUpdateServiceRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("service \(serviceID)", version: serviceVersion.index) }
}

extension SwarmRemoveServiceRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("service \(serviceID)") }
}

extension SwarmRemoveTaskRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("task \(taskID)") }
}

extension SwarmCreateNetworkRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("network \(spec.annotations.name)") }
}

extension SwarmRemoveNetworkRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("network \(networkID.isEmpty ? name : networkID)") }
}

extension SwarmCreateVolumeRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("volume \(spec.annotations.name)") }
}

extension SwarmUpdateVolumeRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("volume \(volumeID)", version: volumeVersion.index) }
}

extension SwarmRemoveVolumeRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("volume \(volumeID)") }
}

extension SwarmUpdateNodeRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("node \(nodeID)", version: nodeVersion.index) }
}

extension SwarmRemoveNodeRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("node \(nodeID)") }
}

extension SwarmUpdateClusterRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("cluster \(clusterID)", version: clusterVersion.index) }
}

extension SwarmLeaveRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("raft member \(node.raftID)") }
}

extension SwarmJoinRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("raft member at \(addr)") }
}

extension SwarmGetUnlockKeyRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("unlock key") }
}

extension SwarmdInitClusterRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("this node") }
}

extension SwarmdLeaveClusterRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("this node") }
}

extension SwarmdUnlockNodeRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("this node") }
}

extension SwarmdJoinClusterRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("this node, by \(managers.joined(separator: ","))") }
}

extension SwarmCreateSecretRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("secret \(spec.annotations.name)") }
}

extension SwarmUpdateSecretRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("secret \(secretID)", version: secretVersion.index) }
}

extension SwarmRemoveSecretRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("secret \(secretID)") }
}

extension SwarmCreateConfigRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("config \(spec.annotations.name)") }
}

extension SwarmUpdateConfigRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("config \(configID)", version: configVersion.index) }
}

extension SwarmRemoveConfigRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("config \(configID)") }
}

extension SwarmCreateExtensionRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("extension \(annotations.name)") }
}

extension SwarmRemoveExtensionRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("extension \(extensionID)") }
}

extension SwarmCreateResourceRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("resource \(annotations.name)") }
}

extension SwarmUpdateResourceRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("resource \(resourceID)", version: resourceVersion.index) }
}

extension SwarmRemoveResourceRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("resource \(resourceID)") }
}

extension SwarmAttachNetworkRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("network \(config.target)") }
}

extension SwarmDetachNetworkRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("attachment \(attachmentID)") }
}

extension SwarmdTransferLeadershipRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("leadership for node \(nodeID)") }
}

extension SwarmdRepairClusterRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("the addresses, ports and tunnels of the cluster") }
}

extension SwarmdBackupRequest: AuditedRequest {
    var subject: AuditSubject { AuditSubject("the cluster's state") }
}
