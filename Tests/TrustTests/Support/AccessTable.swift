import Foundation
import Testing

/// Who may call what, as SwarmKit's `tls_authorization` and its managers' servers have it: what the rules are
/// compared with.
enum AccessTable {
    /// One procedure.
    struct Row: Sendable, Hashable, CustomTestStringConvertible {
        var service: String
        var method: String
        /// "anyone", "nodes" or "managers".
        var callers: String
        var isLocal: Bool
        /// The listeners at which a follower passes it on: "remote", "local".
        var forwarded: Set<String>

        var testDescription: String { "\(self.service).\(self.method)" }
    }

    /// All of SwarmKit's procedures.
    static let rows: [Row] = Self.groups.flatMap { group in
        group.methods.map {
            Row(
                service: group.service,
                method: $0,
                callers: group.callers,
                isLocal: group.isLocal,
                forwarded: Set(group.forwarded.split(separator: " ").map(String.init))
            )
        }
    }

    /// The same, as the notes on SwarmKit's protocol beside the project have them; nil where they are not at hand.
    static func noted() throws -> [Row]? {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { folder, _ in folder.deletingLastPathComponent()
        }
        let path = root.deletingLastPathComponent().appending(path: "shared/wire/services.tsv").path
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let names = lines[0].split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        return lines.dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let row = Dictionary(uniqueKeysWithValues: zip(names, cells))
            var forwarded: Set<String> = []
            if row["tcp_follower_proxies_to_leader"] == "yes" { forwarded.insert("remote") }
            if row["unix_follower_proxies_to_leader"] == "yes" { forwarded.insert("local") }
            return Row(
                service: row["service"]?.split(separator: ".").last.map(String.init) ?? "",
                method: row["rpc"] ?? "",
                callers: Self.callers[row["authorised_roles"] ?? ""] ?? "?",
                isLocal: row["on_unix_control_socket"] == "yes",
                forwarded: forwarded
            )
        }
    }

    private static let callers = [
        "insecure": "anyone", "swarm-worker,swarm-manager": "nodes", "swarm-manager": "managers",
    ]

    private struct Group {
        var service: String
        var callers: String
        var isLocal: Bool
        var forwarded: String
        var methods: [String]
    }

    private static let groups: [Group] = [
        Group(
            service: "Control",
            callers: "managers",
            isLocal: true,
            forwarded: "local",
            methods: [
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
        Group(
            service: "Health",
            callers: "managers",
            isLocal: true,
            forwarded: "",
            methods: [
                "Check"
            ]
        ),
        Group(
            service: "Dispatcher",
            callers: "nodes",
            isLocal: true,
            forwarded: "remote local",
            methods: [
                "Session", "Heartbeat", "UpdateTaskStatus", "UpdateVolumeStatus", "Tasks", "Assignments",
            ]
        ),
        Group(
            service: "Raft",
            callers: "managers",
            isLocal: false,
            forwarded: "",
            methods: [
                "ProcessRaftMessage", "StreamRaftMessage", "ResolveAddress",
            ]
        ),
        Group(
            service: "RaftMembership",
            callers: "managers",
            isLocal: false,
            forwarded: "remote",
            methods: [
                "Join", "Leave",
            ]
        ),
        Group(
            service: "Watch",
            callers: "managers",
            isLocal: true,
            forwarded: "",
            methods: [
                "Watch"
            ]
        ),
        Group(
            service: "CA",
            callers: "anyone",
            isLocal: true,
            forwarded: "remote local",
            methods: [
                "GetRootCACertificate"
            ]
        ),
        Group(
            service: "CA",
            callers: "managers",
            isLocal: true,
            forwarded: "remote local",
            methods: [
                "GetUnlockKey"
            ]
        ),
        Group(
            service: "NodeCA",
            callers: "anyone",
            isLocal: true,
            forwarded: "remote local",
            methods: [
                "IssueNodeCertificate", "NodeCertificateStatus",
            ]
        ),
        Group(
            service: "Logs",
            callers: "managers",
            isLocal: true,
            forwarded: "local",
            methods: [
                "SubscribeLogs"
            ]
        ),
        Group(
            service: "LogBroker",
            callers: "nodes",
            isLocal: true,
            forwarded: "remote local",
            methods: [
                "ListenSubscriptions", "PublishLogs",
            ]
        ),
        Group(
            service: "ResourceAllocator",
            callers: "nodes",
            isLocal: true,
            forwarded: "remote local",
            methods: [
                "AttachNetwork", "DetachNetwork",
            ]
        ),
    ]
}
