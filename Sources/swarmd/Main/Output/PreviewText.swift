import SwarmAPI
import SwiftProtobuf

/// What changes would do, for `--dry-run`.
struct PreviewText {
    private let preview: SwarmdPreviewResponse

    init(_ preview: SwarmdPreviewResponse) { self.preview = preview }

    /// For people, a fact a line.
    var lines: [String] {
        var lines = ["nothing was changed (--dry-run)"]
        if self.preview.stopping > 0 {
            let global = self.preview.unreplaced
            lines.append(
                "stop: \(self.preview.stopping)" + (global > 0 ? ", \(global) of them for good" : "")
            )
        }
        if self.preview.starting > 0 {
            let waiting = self.preview.starting - min(self.preview.starting, self.preview.placed)
            let rest = waiting > 0 && !self.preview.cut ? ", \(waiting) would stay PENDING" : ""
            lines.append("start: \(self.preview.starting), \(self.preview.placed) placed\(rest)")
        }
        if self.preview.stopping == 0, self.preview.starting == 0 { lines.append("no task stops or starts") }
        if self.preview.relieved > 0 { lines.append("get a node at last: \(self.preview.relieved)") }
        if !self.preview.places.isEmpty {
            lines.append(
                "nodes: " + self.preview.places.map { "\($0.hostname) +\($0.tasks)" }.joined(separator: ", ")
            )
        }
        if self.preview.starting > 0 { lines.append(self.room) }
        for service in self.preview.services { lines += Self.lines(service) }
        lines += self.preview.pending.map(Self.line)
        if self.preview.hasQuorumBefore { lines.append(self.quorum) }
        if self.preview.cut { lines.append("cut short: more tasks than a preview looks at") }
        return lines
    }

    private var room: String {
        let room = self.preview.room
        func cpus(_ nano: Int64) -> String { "\(Double(nano / 10_000_000) / 100)" }
        func mebibytes(_ bytes: Int64) -> String { "\(bytes >> 20)M" }
        return "room on \(room.nodes) node\(room.nodes == 1 ? "" : "s"): "
            + "cpu \(cpus(room.freeNanoCpus)) free, \(cpus(room.neededNanoCpus)) needed; "
            + "memory \(mebibytes(room.freeMemoryBytes)) free, \(mebibytes(room.neededMemoryBytes)) needed"
    }

    private var quorum: String {
        func words(_ quorum: SwarmdPreviewQuorum) -> String {
            "\(quorum.reachable) of \(quorum.managers) managers"
        }
        return "quorum: \(words(self.preview.quorumBefore)) before, \(words(self.preview.quorumAfter)) after"
    }

    private static func lines(_ service: SwarmdPreviewService) -> [String] {
        var lines: [String] = []
        if service.stopping > 0, service.starting > 0 {
            let left = service.running - min(service.running, service.stopping)
            lines.append(
                "\(service.serviceName): \(service.running)/\(service.wanted) run now, \(left) while its tasks move"
            )
        }
        let spread = service.spread.map { "\($0.value.isEmpty ? "-" : $0.value) \($0.tasks)" }
        if !spread.isEmpty {
            lines.append(
                "\(service.serviceName) over \(service.spreadOver) after: " + spread.joined(separator: ", ")
            )
        }
        return lines
    }

    private static func line(_ pending: SwarmdPreviewPending) -> String {
        let slots = pending.slots.map { "\($0)" }.joined(separator: ",")
        let name =
            pending.tasks == 1 && !slots.isEmpty
            ? "\(pending.serviceName).\(slots)" : "\(pending.serviceName) (\(pending.tasks) tasks)"
        var line = "PENDING \(name): \(pending.reason)"
        if !pending.constraints.isEmpty {
            line += "; constraints \(pending.constraints.joined(separator: ", "))"
        }
        if !pending.hostname.isEmpty { line += "; until \(pending.hostname) is active again" }
        return line
    }
}

extension PreviewText {
    /// For programs: one object, whose names are stable.
    var json: JSON {
        .fields(
            ("stopping", .integer(Int64(self.preview.stopping))),
            ("unreplaced", .integer(Int64(self.preview.unreplaced))),
            ("starting", .integer(Int64(self.preview.starting))),
            ("placed", .integer(Int64(self.preview.placed))),
            ("relieved", .integer(Int64(self.preview.relieved))),
            ("cut", .bool(self.preview.cut)),
            (
                "places",
                .array(
                    self.preview.places.map {
                        .fields(
                            ("node", .string($0.nodeID)),
                            ("hostname", .string($0.hostname)),
                            ("tasks", .integer(Int64($0.tasks)))
                        )
                    }
                )
            ),
            ("pending", .array(self.preview.pending.map(Self.json))),
            ("services", .array(self.preview.services.map(Self.json))),
            ("room", Self.json(self.preview.room)),
            ("quorumBefore", self.preview.hasQuorumBefore ? Self.json(self.preview.quorumBefore) : nil),
            ("quorumAfter", self.preview.hasQuorumAfter ? Self.json(self.preview.quorumAfter) : nil)
        )
    }

    private static func json(_ pending: SwarmdPreviewPending) -> JSON {
        .fields(
            ("service", .string(pending.serviceName)),
            ("tasks", .integer(Int64(pending.tasks))),
            ("slots", .array(pending.slots.map { .integer(Int64(clamping: $0)) })),
            ("reason", .string(pending.reason)),
            ("constraints", .strings(pending.constraints)),
            ("untilActive", pending.hostname.isEmpty ? nil : .string(pending.hostname))
        )
    }

    private static func json(_ service: SwarmdPreviewService) -> JSON {
        .fields(
            ("service", .string(service.serviceName)),
            ("running", .integer(Int64(service.running))),
            ("wanted", .integer(Int64(clamping: service.wanted))),
            ("stopping", .integer(Int64(service.stopping))),
            ("starting", .integer(Int64(service.starting))),
            ("placed", .integer(Int64(service.placed))),
            ("spreadOver", .string(service.spreadOver)),
            (
                "spread",
                .object(service.spread.map { .init(key: $0.value, value: .integer(Int64($0.tasks))) })
            )
        )
    }

    private static func json(_ room: SwarmdPreviewRoom) -> JSON {
        .fields(
            ("nodes", .integer(Int64(room.nodes))),
            ("neededNanoCPUs", .integer(room.neededNanoCpus)),
            ("freeNanoCPUs", .integer(room.freeNanoCpus)),
            ("neededMemoryBytes", .integer(room.neededMemoryBytes)),
            ("freeMemoryBytes", .integer(room.freeMemoryBytes))
        )
    }

    private static func json(_ quorum: SwarmdPreviewQuorum) -> JSON {
        .fields(
            ("managers", .integer(Int64(quorum.managers))),
            ("reachable", .integer(Int64(quorum.reachable)))
        )
    }
}
