/// Who may call a remote procedure, and where it is served.
///
/// The table is SwarmKit's (`tls_authorization` of its services, `manager/manager.go`), with ours beside it; a
/// procedure that is in neither is refused.
package struct RPCPolicy: Sendable, Equatable {
    /// Who may call it over the network.
    package enum Callers: Sendable, Equatable, CaseIterable {
        /// Also a stranger without a certificate.
        case anyone
        /// Workers and managers of the cluster.
        case nodes
        /// Managers of the cluster.
        case managers
        /// Only whoever may open the local socket.
        case nobody
    }

    /// A listener that serves it.
    package enum Listener: Sendable, Equatable, CaseIterable {
        /// The address that other nodes connect to.
        case remote
        /// The socket of operators and of the own node.
        case local
    }

    package let callers: Callers
    /// Whether the local socket serves it too; the remote listener serves all that anyone may call there.
    package let isLocal: Bool
    /// The listeners at which a manager that does not lead passes a call on to the leader.
    package let forwarded: Set<Listener>
    /// Whether members of the raft group say it to each other.
    ///
    /// A member may lag behind, and know of the newest managers only what they send it: the group itself decides
    /// whom it heeds, and tells those that were removed.
    package var isOfGroup = false
    /// Whether a node may call it whose certificate has expired.
    package var isForExpired = false

    /// The policy of `method` of `service`, both without a package; nil if SwarmKit has none of that name.
    package static func of(_ service: String, _ method: String) -> Self? { self.table[service]?[method] }

    /// The policy of `method` of `service`, which has its package: SwarmKit's or ours.
    package static func of(path service: String, _ method: String) -> Self? {
        if service.hasPrefix(Self.swarmKit) {
            return self.table[String(service.dropFirst(Self.swarmKit.count))]?[method]
        }
        guard service.hasPrefix(Self.swarmd) else { return nil }
        return Self.own[String(service.dropFirst(Self.swarmd.count))]?[method]
    }

    private static let swarmKit = "docker.swarmkit.v1."
    private static let swarmd = "swarmd.v1."

    /// All procedures of SwarmKit's, by service.
    package static let all: [(service: String, method: String)] = Self.names(of: Self.table)

    /// All procedures that SwarmKit does not have, by service.
    package static let allOwn: [(service: String, method: String)] = Self.names(of: Self.own)

    private static func names(of table: [String: [String: Self]]) -> [(service: String, method: String)] {
        table.sorted { $0.key < $1.key }
            .flatMap { service, methods in methods.keys.sorted().map { (service, $0) } }
    }

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
        "Health": Self.same(
            Self(callers: .managers, isLocal: true, forwarded: [], isOfGroup: true),
            ["Check"]
        ),
        "Dispatcher": Self.same(
            Self(callers: .nodes, isLocal: true, forwarded: [.remote, .local]),
            [
                "Session", "Heartbeat", "UpdateTaskStatus", "UpdateVolumeStatus", "Tasks", "Assignments",
            ]
        ),
        "Raft": Self.same(
            Self(callers: .managers, isLocal: false, forwarded: [], isOfGroup: true),
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
            Self(callers: .anyone, isLocal: true, forwarded: [.remote, .local], isForExpired: true),
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

    private static let own: [String: [String: Self]] = [
        "Replication": Self.same(
            Self(callers: .managers, isLocal: true, forwarded: [], isOfGroup: true),
            ["Exchange"]
        ),
        // Only the leader knows how far the members are, and the console asks for it by name.
        "Console": [
            "Status": Self(callers: .managers, isLocal: true, forwarded: []),
            "TransferLeadership": Self(callers: .managers, isLocal: true, forwarded: [.local]),
            "Preview": Self.localOnly,
        ],
        "Maintenance": [
            "Backup": Self.localOnly,
            "CheckExternalCAs": Self.localOnly,
            "CheckCluster": Self.localOnly,
            // Only the leader writes.
            "RepairCluster": Self(callers: .managers, isLocal: true, forwarded: [.local]),
        ],
        "NodeControl": Self.same(
            Self.localOnly,
            ["GetState", "InitCluster", "JoinCluster", "LeaveCluster", "Unlock"]
        ),
        "Audit": Self.same(Self.localOnly, ["Read"]),
    ]

    private static let localOnly = Self(callers: .nobody, isLocal: true, forwarded: [])

    private static func same(_ policy: Self, _ methods: [String]) -> [String: Self] {
        Dictionary(uniqueKeysWithValues: methods.map { ($0, policy) })
    }
}
