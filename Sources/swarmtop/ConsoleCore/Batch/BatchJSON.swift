import Primitives
import SwarmAPI

/// A JSON value with its members in a fixed order.
indirect enum JSON {
    case text(String)
    case number(Int64)
    case unsigned(UInt64)
    case flag(Bool)
    case null
    case list([JSON])
    case object([(String, JSON)])

    /// The value as one line.
    var serialized: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .number(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .flag(let flag): flag ? "true" : "false"
        case .null: "null"
        case .list(let values): "[" + values.map(\.serialized).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.0) + ":" + $0.1.serialized }.joined(separator: ",") + "}"
        }
    }

    /// A text in quotation marks, as JSON and YAML both have them, with nothing that a terminal would act on.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Model {
    /// One frame as JSON: a line whose member names stay the same from release to release.
    ///
    /// - `version`: 1, raised when a member changes its meaning.
    /// - `cluster`: `name`, `health` (`OK`, `WARN`, `CRIT`, `...`), `managers`, `reachable`, `leader`,
    ///   `term`, `commit`, `applied` (null while unknown).
    /// - `nodes[]`: `id`, `name`, `role`, `status`, `availability`, `addr`, `tasks`.
    /// - `trust` (null while unknown): `root`, `root_expires` (seconds since 1970 or null), `autolock`, `rotation`
    ///   (null unless one is under way: `target`, `nodes`, `done`, `blockers[]` of `node_id` and `reason`),
    ///   `certificates[]` (`node_id`, `state`, `issuer`, `current`, `not_before`, `not_after` (both null while
    ///   unknown), `expiry` (`fine`, `soon`, `critical`, `expired` or null), `error`), `refusals[]` (`reason`,
    ///   `count`).
    /// - `services[]`: `id`, `name`, `mode`, `running`, `wanted`, `image`, `update`.
    /// - `tasks[]`: `id`, `name`, `service`, `service_id`, `slot`, `node_id`, `node`, `state`, `desired`,
    ///   `since` (seconds since 1970), `message`, `error`, `exit_code` (null when there is none).
    package var batchJSON: String {
        JSON.object([
            ("version", .number(1)),
            ("cluster", self.clusterJSON),
            (
                "nodes",
                .list(self.cluster.nodeOrder.keys.compactMap { self.cluster.nodes[$0.id] }.map(self.json))
            ),
            ("trust", self.cluster.trust.map(self.json) ?? .null),
            (
                "services",
                .list(
                    self.cluster.serviceOrder.keys.compactMap { self.cluster.services[$0.id] }.map(self.json)
                )
            ),
            (
                "tasks",
                .list(self.cluster.slotOrder.keys.compactMap { self.cluster.tasks[$0.id] }.map(self.json))
            ),
        ]).serialized + "\n"
    }

    private var clusterJSON: JSON {
        let health = Health(self.cluster)
        let raft = self.cluster.status?.raft
        return .object([
            ("name", .text(self.cluster.name)),
            ("health", .text(health.level.rawValue)),
            ("managers", .number(Int64(health.managers))),
            ("reachable", .number(Int64(health.reachable))),
            ("leader", health.leader.map(JSON.text) ?? .null),
            ("term", raft.map { .unsigned($0.term) } ?? .null),
            ("commit", raft.map { .unsigned($0.commitIndex) } ?? .null),
            ("applied", raft.map { .unsigned($0.appliedIndex) } ?? .null),
        ])
    }

    private func json(_ node: NodeRow) -> JSON {
        .object([
            ("id", .text(node.id)), ("name", .text(node.name)),
            ("role", .text(node.isManager ? "manager" : "worker")),
            ("status", .text(Self.word(node.state))),
            ("availability", .text(node.availability.word)), ("addr", .text(node.addr)),
            ("tasks", .number(Int64(self.cluster.byNode[node.id]?.live ?? 0))),
        ])
    }

    private func json(_ service: ServiceRow) -> JSON {
        .object([
            ("id", .text(service.id)), ("name", .text(service.name)),
            ("mode", .text(Self.word(service.mode))),
            ("running", .number(Int64(self.cluster.running(service)))),
            ("wanted", .number(Int64(self.cluster.wanted(service)))), ("image", .text(service.image)),
            ("update", .text(ServicesView.update(service).text)),
        ])
    }

    private func json(_ task: TaskRow) -> JSON {
        .object([
            ("id", .text(task.id)), ("name", .text(self.cluster.taskName(task))),
            ("service", .text(task.service)), ("service_id", .text(task.serviceID)),
            ("slot", .unsigned(task.slot)), ("node_id", .text(task.nodeID)),
            ("node", .text(task.nodeID.isEmpty ? "" : self.cluster.nodeName(task.nodeID))),
            ("state", .text(task.stage.name)), ("desired", .text(task.desired.name)),
            ("since", .number(task.since.nanoseconds / 1_000_000_000)),
            ("message", .text(task.message)), ("error", .text(task.error)),
            ("exit_code", task.exitCode.map { .number(Int64($0)) } ?? .null),
        ])
    }

    private static func word(_ state: SwarmNodeStatus.State) -> String {
        switch state {
        case .ready: "ready"
        case .down: "down"
        case .disconnected: "disconnected"
        case .unknown: "unknown"
        case .UNRECOGNIZED(let value): "\(value)"
        }
    }

    private static func word(_ mode: ServiceRow.Mode) -> String {
        switch mode {
        case .replicated: "replicated"
        case .global: "global"
        case .job: "replicated-job"
        case .globalJob: "global-job"
        }
    }
}
