/// Who may call a remote procedure, and where it is served.
///
/// The table is SwarmKit's (`tls_authorization` of its services, `manager/manager.go`); a procedure that is not in
/// it is refused.
package struct RPCPolicy: Sendable, Equatable {
    /// Who may call it over the network.
    package enum Callers: Sendable, Equatable, CaseIterable {
        /// Also a stranger without a certificate.
        case anyone
        /// Workers and managers of the cluster.
        case nodes
        /// Managers of the cluster.
        case managers
    }

    /// A listener that serves it.
    package enum Listener: Sendable, Equatable, CaseIterable {
        /// The address that other nodes connect to.
        case remote
        /// The socket of operators and of the own node.
        case local
    }

    package let callers: Callers
    /// Whether the local socket serves it too; the remote listener serves all.
    package let isLocal: Bool
    /// The listeners at which a manager that does not lead passes a call on to the leader.
    package let forwarded: Set<Listener>

    /// The policy of `method` of `service`, both without a package; nil if SwarmKit has none of that name.
    package static func of(_ service: String, _ method: String) -> Self? { self.table[service]?[method] }

    /// All procedures there are, by service.
    package static let all: [(service: String, method: String)] = Self.table
        .sorted { $0.key < $1.key }
        .flatMap { service, methods in methods.keys.sorted().map { (service, $0) } }

    private static let table: [String: [String: Self]] = [
        "Control": Self.same(
            Self(callers: .managers, isLocal: true, forwarded: [.local]),
            [
                "GetNode", "ListNodes", "UpdateNode", "RemoveNode", "GetTask", "ListTasks", "RemoveTask",
                "GetService", "ListServices", "CreateService", "UpdateService", "RemoveService",
                "ListServiceStatuses", "GetNetwork", "ListNetworks", "CreateNetwork", "RemoveNetwork",
                "GetCluster", "ListClusters", "UpdateCluster", "GetSecret", "UpdateSecret", "ListSecrets",
                "CreateSecret", "RemoveSecret", "GetConfig", "UpdateConfig", "ListConfigs", "CreateConfig",
                "RemoveConfig", "GetExtension", "CreateExtension", "RemoveExtension", "GetResource",
                "UpdateResource", "ListResources", "CreateResource", "RemoveResource", "CreateVolume",
                "GetVolume", "UpdateVolume", "ListVolumes", "RemoveVolume",
            ]
        ),
        "Health": Self.same(Self(callers: .managers, isLocal: true, forwarded: []), ["Check"]),
        "Dispatcher": Self.same(
            Self(callers: .nodes, isLocal: true, forwarded: [.remote, .local]),
            [
                "Session", "Heartbeat", "UpdateTaskStatus", "UpdateVolumeStatus", "Tasks", "Assignments",
            ]
        ),
        "Raft": Self.same(
            Self(callers: .managers, isLocal: false, forwarded: []),
            ["ProcessRaftMessage", "StreamRaftMessage", "ResolveAddress"]
        ),
        "RaftMembership": Self.same(
            Self(callers: .managers, isLocal: false, forwarded: [.remote]),
            ["Join", "Leave"]
        ),
        "Watch": Self.same(Self(callers: .managers, isLocal: true, forwarded: []), ["Watch"]),
        "CA": [
            "GetRootCACertificate": Self(callers: .anyone, isLocal: true, forwarded: [.remote, .local]),
            "GetUnlockKey": Self(callers: .managers, isLocal: true, forwarded: [.remote, .local]),
        ],
        "NodeCA": Self.same(
            Self(callers: .anyone, isLocal: true, forwarded: [.remote, .local]),
            ["IssueNodeCertificate", "NodeCertificateStatus"]
        ),
        "Logs": Self.same(Self(callers: .managers, isLocal: true, forwarded: [.local]), ["SubscribeLogs"]),
        "LogBroker": Self.same(
            Self(callers: .nodes, isLocal: true, forwarded: [.remote, .local]),
            ["ListenSubscriptions", "PublishLogs"]
        ),
        "ResourceAllocator": Self.same(
            Self(callers: .nodes, isLocal: true, forwarded: [.remote, .local]),
            ["AttachNetwork", "DetachNetwork"]
        ),
    ]

    private static func same(_ policy: Self, _ methods: [String]) -> [String: Self] {
        Dictionary(uniqueKeysWithValues: methods.map { ($0, policy) })
    }
}
