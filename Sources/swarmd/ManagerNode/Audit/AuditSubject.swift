import SwarmAPI
import SwiftProtobuf

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

    /// The subject of a request of any service; nothing for a request that names none.
    init(of request: any Sendable) {
        self =
            Self.services(request) ?? Self.nodes(request) ?? Self.payloads(request) ?? Self.others(request)
            ?? Self("")
    }

    private static func services(_ request: any Sendable) -> Self? {
        switch request {
        case let request as SwarmCreateServiceRequest: Self("service \(request.spec.annotations.name)")
        case let request as SwarmUpdateServiceRequest:
            Self("service \(request.serviceID)", version: request.serviceVersion.index)
        case let request as SwarmRemoveServiceRequest: Self("service \(request.serviceID)")
        case let request as SwarmRemoveTaskRequest: Self("task \(request.taskID)")
        case let request as SwarmCreateNetworkRequest: Self("network \(request.spec.annotations.name)")
        case let request as SwarmRemoveNetworkRequest:
            Self("network \(request.networkID.isEmpty ? request.name : request.networkID)")
        case let request as SwarmCreateVolumeRequest: Self("volume \(request.spec.annotations.name)")
        case let request as SwarmUpdateVolumeRequest:
            Self("volume \(request.volumeID)", version: request.volumeVersion.index)
        case let request as SwarmRemoveVolumeRequest: Self("volume \(request.volumeID)")
        default: nil
        }
    }

    private static func nodes(_ request: any Sendable) -> Self? {
        switch request {
        case let request as SwarmUpdateNodeRequest:
            Self("node \(request.nodeID)", version: request.nodeVersion.index)
        case let request as SwarmRemoveNodeRequest: Self("node \(request.nodeID)")
        case let request as SwarmUpdateClusterRequest:
            Self("cluster \(request.clusterID)", version: request.clusterVersion.index)
        case let request as SwarmLeaveRequest: Self("raft member \(request.node.raftID)")
        case let request as SwarmJoinRequest: Self("raft member at \(request.addr)")
        case is SwarmGetUnlockKeyRequest: Self("unlock key")
        case is SwarmdInitClusterRequest, is SwarmdLeaveClusterRequest, is SwarmdUnlockNodeRequest:
            Self("this node")
        case let request as SwarmdJoinClusterRequest:
            Self("this node, by \(request.managers.joined(separator: ","))")
        default: nil
        }
    }

    private static func payloads(_ request: any Sendable) -> Self? {
        switch request {
        case let request as SwarmCreateSecretRequest: Self("secret \(request.spec.annotations.name)")
        case let request as SwarmUpdateSecretRequest:
            Self("secret \(request.secretID)", version: request.secretVersion.index)
        case let request as SwarmRemoveSecretRequest: Self("secret \(request.secretID)")
        case let request as SwarmCreateConfigRequest: Self("config \(request.spec.annotations.name)")
        case let request as SwarmUpdateConfigRequest:
            Self("config \(request.configID)", version: request.configVersion.index)
        case let request as SwarmRemoveConfigRequest: Self("config \(request.configID)")
        default: nil
        }
    }

    private static func others(_ request: any Sendable) -> Self? {
        switch request {
        case let request as SwarmCreateExtensionRequest: Self("extension \(request.annotations.name)")
        case let request as SwarmRemoveExtensionRequest: Self("extension \(request.extensionID)")
        case let request as SwarmCreateResourceRequest: Self("resource \(request.annotations.name)")
        case let request as SwarmUpdateResourceRequest:
            Self("resource \(request.resourceID)", version: request.resourceVersion.index)
        case let request as SwarmRemoveResourceRequest: Self("resource \(request.resourceID)")
        case let request as SwarmAttachNetworkRequest: Self("network \(request.config.target)")
        case let request as SwarmDetachNetworkRequest: Self("attachment \(request.attachmentID)")
        case is SwarmdBackupRequest: Self("the cluster's state")
        default: nil
        }
    }
}
