import Primitives
import SwarmAPI
import SwiftProtobuf

/// Objects in the field names of Docker's Engine API.
///
/// What is empty is left out where Docker leaves it out.
enum DockerJSON {
    /// The members that every object begins with.
    static func head(id: String, _ meta: SwarmMeta) -> [JSON.Member] {
        [
            .init(key: "ID", value: .string(id)),
            .init(key: "Version", value: .fields(("Index", .integer(Int64(clamping: meta.version.index))))),
            .init(key: "CreatedAt", value: Self.moment(meta.createdAt)),
            .init(key: "UpdatedAt", value: Self.moment(meta.updatedAt)),
        ]
    }

    static func moment(_ value: SwarmTimestamp) -> JSON { .string(TimeText.rfc3339(Timestamp(value))) }
    static func span(_ value: SwarmDuration) -> JSON { .integer(value.span.wholeNanoseconds) }
    static func text(_ value: String) -> JSON? { value.isEmpty ? nil : .string(value) }
    static func texts(_ values: [String]) -> JSON? { values.isEmpty ? nil : .strings(values) }
    static func count(_ value: UInt64) -> JSON? { value == 0 ? nil : .integer(Int64(clamping: value)) }
    static func signed(_ value: Int64) -> JSON? { value == 0 ? nil : .integer(value) }
    static func map(_ value: [String: String]) -> JSON? { value.isEmpty ? nil : .map(value) }

    static func join(_ head: [JSON.Member], _ rest: JSON) -> JSON {
        guard case .object(let members) = rest else { preconditionFailure("not an object: \(rest.line)") }
        return .object(head + members)
    }

    // MARK: - Nodes

    static func node(_ node: SwarmNode) -> JSON {
        Self.join(
            Self.head(id: node.id, node.meta),
            .fields(
                (
                    "Spec",
                    .fields(
                        ("Name", Self.text(node.spec.annotations.name)),
                        ("Labels", .map(node.spec.annotations.labels)),
                        ("Role", .string(Words.role(node.spec.desiredRole))),
                        ("Availability", .string(Words.availability(node.spec.availability)))
                    )
                ),
                ("Description", Self.description(node.description_p)),
                (
                    "Status",
                    .fields(
                        ("State", .string(Words.nodeState(node.status.state))),
                        ("Message", Self.text(node.status.message)),
                        ("Addr", .string(node.status.addr))
                    )
                ),
                ("ManagerStatus", node.hasManagerStatus ? Self.manager(node.managerStatus) : nil)
            )
        )
    }

    private static func manager(_ status: SwarmManagerStatus) -> JSON {
        .fields(
            ("Leader", status.leader ? .bool(true) : nil),
            ("Reachability", .string(Words.reachability(status.reachability))),
            ("Addr", .string(status.addr))
        )
    }

    private static func description(_ value: SwarmNodeDescription) -> JSON {
        .fields(
            ("Hostname", .string(value.hostname)),
            (
                "Platform",
                .fields(
                    ("Architecture", .string(value.platform.architecture)),
                    ("OS", .string(value.platform.os))
                )
            ),
            ("Resources", Self.resources(value.resources)),
            (
                "Engine",
                .fields(
                    ("EngineVersion", .string(value.engine.engineVersion)),
                    ("Labels", Self.map(value.engine.labels)),
                    (
                        "Plugins",
                        value.engine.plugins.isEmpty
                            ? nil
                            : .array(
                                value.engine.plugins.map {
                                    .fields(("Type", .string($0.type)), ("Name", .string($0.name)))
                                }
                            )
                    )
                )
            )
        )
    }

    static func resources(_ value: SwarmResources) -> JSON {
        .fields(("NanoCPUs", Self.signed(value.nanoCpus)), ("MemoryBytes", Self.signed(value.memoryBytes)))
    }

    // MARK: - Tasks

    static func task(_ task: SwarmTask) -> JSON {
        Self.join(
            Self.head(id: task.id, task.meta),
            .fields(
                ("Name", Self.text(task.annotations.name)),
                ("Labels", .map(task.annotations.labels)),
                ("Spec", Self.taskSpec(task.spec)),
                ("ServiceID", Self.text(task.serviceID)),
                ("Slot", Self.count(task.slot)),
                ("NodeID", Self.text(task.nodeID)),
                ("Status", Self.status(task.status)),
                ("DesiredState", .string(Words.state(task.desiredState))),
                ("NetworksAttachments", Self.attachments(task.networks)),
                (
                    "JobIteration",
                    task.hasJobIteration
                        ? .fields(("Index", .integer(Int64(clamping: task.jobIteration.index)))) : nil
                )
            )
        )
    }

    private static func status(_ value: SwarmTaskStatus) -> JSON {
        var container: JSON?
        if case .container(let status)? = value.runtimeStatus {
            container = .fields(
                ("ContainerID", .string(status.containerID)),
                ("PID", .integer(Int64(status.pid))),
                ("ExitCode", .integer(Int64(status.exitCode)))
            )
        }
        return .fields(
            ("Timestamp", Self.moment(value.timestamp)),
            ("State", .string(Words.state(value.state))),
            ("Message", Self.text(value.message)),
            ("Err", Self.text(value.err)),
            ("ContainerStatus", container),
            (
                "PortStatus",
                .fields(
                    (
                        "Ports",
                        value.portStatus.ports.isEmpty ? nil : .array(value.portStatus.ports.map(Self.port))
                    )
                )
            )
        )
    }

    // MARK: - Clusters

    /// A cluster; its join tokens are a secret that inspecting has no need of, and are left out.
    static func cluster(_ cluster: SwarmCluster) -> JSON {
        let spec = cluster.spec
        return Self.join(
            Self.head(id: cluster.id, cluster.meta),
            .fields(
                (
                    "Spec",
                    .fields(
                        ("Name", .string(spec.annotations.name)),
                        ("Labels", .map(spec.annotations.labels)),
                        (
                            "Orchestration",
                            .fields(
                                (
                                    "TaskHistoryRetentionLimit",
                                    .integer(spec.orchestration.taskHistoryRetentionLimit)
                                )
                            )
                        ),
                        ("Raft", Self.raft(spec.raft)),
                        (
                            "Dispatcher",
                            .fields(("HeartbeatPeriod", Self.span(spec.dispatcher.heartbeatPeriod)))
                        ),
                        ("CAConfig", Self.authority(spec.caConfig)),
                        (
                            "TaskDefaults",
                            .fields(
                                (
                                    "LogDriver",
                                    spec.taskDefaults.hasLogDriver
                                        ? Self.driver(spec.taskDefaults.logDriver) : nil
                                )
                            )
                        ),
                        (
                            "EncryptionConfig",
                            .fields(("AutoLockManagers", .bool(spec.encryptionConfig.autoLockManagers)))
                        )
                    )
                ),
                ("RootRotationInProgress", .bool(cluster.rootCa.hasRootRotation)),
                (
                    "DefaultAddrPool",
                    cluster.defaultAddressPool.isEmpty ? .null : .strings(cluster.defaultAddressPool)
                ),
                ("SubnetSize", .integer(Int64(cluster.subnetSize))),
                ("DataPathPort", .integer(Int64(cluster.vxlanudpport)))
            )
        )
    }

    private static func authority(_ config: SwarmCAConfig) -> JSON {
        .fields(
            ("NodeCertExpiry", Self.span(config.nodeCertExpiry)),
            (
                "ExternalCAs",
                config.externalCas.isEmpty ? nil : .array(config.externalCas.map(Self.externalCA))
            )
        )
    }

    /// docker's fields of a server that signs.
    private static func externalCA(_ server: SwarmExternalCA) -> JSON {
        .fields(
            ("Protocol", .string(server.protocol == .cfssl ? "cfssl" : "\(server.protocol.rawValue)")),
            ("URL", .string(server.url)),
            ("Options", Self.map(server.options)),
            ("CACert", Self.text(String(decoding: server.caCert, as: UTF8.self)))
        )
    }

    private static func raft(_ config: SwarmRaftConfig) -> JSON {
        .fields(
            ("SnapshotInterval", .integer(Int64(clamping: config.snapshotInterval))),
            ("KeepOldSnapshots", .integer(Int64(clamping: config.keepOldSnapshots))),
            ("LogEntriesForSlowFollowers", .integer(Int64(clamping: config.logEntriesForSlowFollowers))),
            ("ElectionTick", .integer(Int64(config.electionTick))),
            ("HeartbeatTick", .integer(Int64(config.heartbeatTick)))
        )
    }
}
