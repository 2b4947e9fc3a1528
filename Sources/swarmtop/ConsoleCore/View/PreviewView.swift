import SwarmAPI

/// What a change would do, as the manager computed it, in a dialog.
enum PreviewView {
    /// How many lines of one kind are told; the rest is counted.
    private static let limit = 3
    /// How many values of a spread are told.
    private static let spreadLimit = 6

    /// What a drain, a pause or an activation does.
    static func lines(_ preview: SwarmdPreviewResponse, drain: Bool) -> [Field] {
        var lines: [Field] = []
        if preview.stopping > 0 {
            lines.append(Field(Self.stops(preview), .waiting))
        } else if drain {
            lines.append(Field("No task runs here."))
        }
        if !drain, preview.starting > 0 {
            lines.append(Field("\(Self.tasks(preview.starting)) of global services start here."))
        }
        if preview.relieved > 0 {
            lines.append(Field("\(Self.tasks(preview.relieved)) that wait for a node would get one.", .good))
        }
        lines += Self.places(preview)
        if drain, preview.starting > 0 { lines += [Field("")] + Self.room(preview, others: true) }
        return lines + Self.warnings(preview) + Self.quorum(preview)
    }

    /// What other numbers of tasks do.
    static func scaleLines(_ preview: SwarmdPreviewResponse) -> [Field] {
        var lines: [Field] = []
        if preview.stopping > 0 { lines.append(Field("\(Self.tasks(preview.stopping)) stop.", .waiting)) }
        if preview.starting > 0 { lines.append(Self.fit(preview)) }
        for service in preview.services.prefix(Self.limit) where !service.spread.isEmpty {
            let name = preview.services.count > 1 ? "\(service.serviceName): " : ""
            lines.append(Field("\(name)\(Self.spread(service)) after"))
        }
        return lines + Self.warnings(preview)
    }

    /// What is shown instead, until the answer is there or where there is none.
    static func waiting(_ preview: Preview) -> Field {
        preview.failure.isEmpty
            ? Field("computing what it would do ...", .muted)
            : Field("No preview: \(preview.failure)", .muted)
    }

    private static func stops(_ preview: SwarmdPreviewResponse) -> String {
        var text = "\(Self.tasks(preview.stopping)) \(preview.stopping == 1 ? "stops" : "stop") here"
        var parts: [String] = []
        if preview.starting > 0 {
            let placed = Self.isCut(preview) ? "at least \(preview.placed)" : "\(preview.placed)"
            parts.append("\(placed) \(preview.placed == 1 ? "is" : "are") placed again elsewhere")
        }
        if preview.unreplaced > 0 {
            parts.append(
                "\(preview.unreplaced) \(preview.unreplaced == 1 ? "is" : "are") global (not replaced)"
            )
        }
        if !parts.isEmpty { text += "; " + parts.joined(separator: ", ") }
        return text + "."
    }

    private static func places(_ preview: SwarmdPreviewResponse) -> [Field] {
        guard preview.starting > 0, !preview.places.isEmpty else { return [] }
        var words = preview.places.prefix(Self.spreadLimit).map { "\($0.hostname) +\($0.tasks)" }
        let rest = preview.places.count - words.count
        if rest > 0 { words.append("and \(rest) more nodes") }
        return [Field("Where to: " + words.joined(separator: "  "))]
    }

    private static func room(_ preview: SwarmdPreviewResponse, others: Bool) -> [Field] {
        let room = preview.room
        let nodes = room.nodes == 1 ? "1 node" : "\(room.nodes) nodes"
        let cpu = "\(Amounts.cpus(room.freeNanoCpus)) (need \(Amounts.cpus(room.neededNanoCpus)))"
        let memory =
            "\(Amounts.bytes(UInt64(max(0, room.freeMemoryBytes)))) (need \(Amounts.bytes(UInt64(max(0, room.neededMemoryBytes)))))"
        let isEnough = preview.placed == preview.starting
        let role: Style.Role = isEnough ? .normal : .waiting
        return [
            Field("Room on the \(others ? "other " : "")\(nodes): cpu \(cpu)", role),
            Field("  mem \(memory)\(isEnough ? "  ok" : "")", role),
        ]
    }

    private static func fit(_ preview: SwarmdPreviewResponse) -> Field {
        let room = preview.room
        var details: [String] = []
        if let service = preview.services.first, preview.services.count == 1 {
            if service.nanoCpus > 0 {
                details.append(
                    "cpu \(Amounts.cpus(room.freeNanoCpus)) free, need \(Amounts.cpus(service.nanoCpus)) each"
                )
            }
            if service.memoryBytes > 0 {
                details.append(
                    "mem \(Amounts.bytes(UInt64(max(0, room.freeMemoryBytes)))) free, need \(Amounts.bytes(UInt64(max(0, service.memoryBytes)))) each"
                )
            }
        }
        let text = details.isEmpty ? "" : " (\(details.joined(separator: "; ")))"
        if preview.placed == preview.starting {
            return Field("Room: \(preview.placed) more fit\(text)  ok")
        }
        return Field("Room: \(preview.placed) of \(preview.starting) fit\(text)", .waiting)
    }

    private static func spread(_ service: SwarmdPreviewService) -> String {
        let key = service.spreadOver.split(separator: ".").last.map(String.init) ?? ""
        let label = service.spreadOver == "node" ? "" : "\(key)="
        var words = service.spread.prefix(Self.spreadLimit).map {
            "\(label)\($0.value.isEmpty ? "-" : $0.value) \($0.tasks)"
        }
        let rest = service.spread.count - words.count
        if rest > 0 { words.append("and \(rest) more") }
        return words.joined(separator: "  ")
    }

    /// What stays PENDING, and what is short of tasks for a while.
    private static func warnings(_ preview: SwarmdPreviewResponse) -> [Field] {
        var lines = preview.pending.prefix(Self.limit).map { Field("WARN  \(Self.words($0))", .bad) }
        let rest = preview.pending.dropFirst(Self.limit).reduce(0) { $0 + $1.tasks }
        if rest > 0 { lines.append(Field("WARN  \(Self.tasks(rest)) more will stay PENDING.", .bad)) }
        let short = preview.services.filter { $0.stopping > 0 && $0.starting > 0 }
        for service in short.prefix(Self.limit) {
            let left = service.running - min(service.running, service.stopping)
            let wanted = service.wanted
            let text =
                "\(service.serviceName) \(service.running)/\(wanted) -> \(left)/\(wanted) while it moves"
            lines.append(Field("WARN  \(text)", .waiting))
        }
        if short.count > Self.limit {
            lines.append(Field("and \(short.count - Self.limit) more services move", .muted))
        }
        if Self.isCut(preview) {
            lines.append(Field("Cut short: there are more tasks than a preview looks at.", .muted))
        }
        return lines
    }

    private static func words(_ pending: SwarmdPreviewPending) -> String {
        let name: String
        if pending.tasks == 1 {
            name = "\(pending.serviceName).\(pending.slots.first.map { "\($0)" } ?? "node")"
        } else {
            name = "\(pending.tasks) of \(pending.serviceName)"
        }
        guard !pending.hostname.isEmpty else { return "\(name) will stay PENDING: \(pending.reason)" }
        guard !pending.constraints.isEmpty else {
            return "\(name) will stay PENDING until \(pending.hostname) is active again (\(pending.reason))"
        }
        let constraints = pending.constraints.joined(separator: ", ")
        let verb = pending.tasks == 1 ? "has" : "have"
        return
            "\(name) \(verb) \(constraints): will stay PENDING until \(pending.hostname) is active again (\(pending.reason))"
    }

    private static func quorum(_ preview: SwarmdPreviewResponse) -> [Field] {
        guard preview.hasQuorumBefore, preview.hasQuorumAfter else { return [] }
        let (before, after) = (Quorum(preview.quorumBefore), Quorum(preview.quorumAfter))
        return [
            before == after
                ? Field("It is a manager and goes on to vote: \(before.words()).")
                : Field("Quorum: \(before.words(to: after))", after.spare > 0 ? .normal : .waiting)
        ]
    }

    private static func isCut(_ preview: SwarmdPreviewResponse) -> Bool { preview.cut }

    private static func tasks(_ count: UInt32) -> String { count == 1 ? "1 task" : "\(count) tasks" }
}

extension Quorum {
    fileprivate init(_ told: SwarmdPreviewQuorum) {
        self.init(managers: Int(told.managers), reachable: Int(told.reachable))
    }
}
