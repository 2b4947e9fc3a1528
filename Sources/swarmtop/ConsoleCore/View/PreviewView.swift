import SwarmAPI

/// What a change would do, as the manager computed it, in a dialog.
enum PreviewView {
    /// How many lines of one kind are told; the rest is counted.
    private static let limit = 3
    /// How many values of a spread are told.
    private static let spreadLimit = 6

    /// What a drain, a pause or an activation does.
    static func lines(_ preview: SwarmdPreviewResponse, drain: Bool, _ strings: Strings) -> [Field] {
        var lines: [Field] = []
        if preview.stopping > 0 {
            lines.append(Field(Self.stops(preview, strings), .waiting))
        } else if drain {
            lines.append(Field(strings.noTaskHere))
        }
        if !drain, preview.starting > 0 {
            lines.append(Field(strings.globalsStart(preview.starting)))
        }
        if preview.relieved > 0 {
            lines.append(Field(strings.relieved(preview.relieved), .good))
        }
        lines += Self.places(preview, strings)
        if drain, preview.starting > 0 { lines += [Field("")] + Self.room(preview, others: true, strings) }
        return lines + Self.warnings(preview, strings) + Self.quorum(preview, strings)
    }

    /// What other numbers of tasks do.
    static func scaleLines(_ preview: SwarmdPreviewResponse, _ strings: Strings) -> [Field] {
        var lines: [Field] = []
        if preview.stopping > 0 { lines.append(Field(strings.stop(preview.stopping), .waiting)) }
        if preview.starting > 0 { lines.append(Self.fit(preview, strings)) }
        for service in preview.services.prefix(Self.limit) where !service.spread.isEmpty {
            let name = preview.services.count > 1 ? service.serviceName : nil
            lines.append(Field(strings.after(Self.spread(service, strings), of: name)))
        }
        return lines + Self.warnings(preview, strings)
    }

    /// What is shown instead, until the answer is there or where there is none.
    static func waiting(_ preview: Preview, _ strings: Strings) -> Field {
        preview.failure.isEmpty
            ? Field(strings.computing, .muted)
            : Field(strings.noPreview(preview.failure), .muted)
    }

    private static func stops(_ preview: SwarmdPreviewResponse, _ strings: Strings) -> String {
        strings.stops(
            preview.stopping,
            placed: preview.starting > 0 ? preview.placed : nil,
            isAtLeast: Self.isCut(preview),
            unreplaced: preview.unreplaced
        )
    }

    private static func places(_ preview: SwarmdPreviewResponse, _ strings: Strings) -> [Field] {
        guard preview.starting > 0, !preview.places.isEmpty else { return [] }
        var words = preview.places.prefix(Self.spreadLimit).map { "\($0.hostname) +\($0.tasks)" }
        let rest = preview.places.count - words.count
        if rest > 0 { words.append(strings.moreNodes(rest)) }
        return [Field(strings.whereTo(words.joined(separator: "  ")))]
    }

    private static func room(
        _ preview: SwarmdPreviewResponse,
        others: Bool,
        _ strings: Strings
    ) -> [Field] {
        let room = preview.room
        let cpu = strings.need(Amounts.cpus(room.freeNanoCpus), Amounts.cpus(room.neededNanoCpus))
        let memory = strings.need(Self.bytes(room.freeMemoryBytes), Self.bytes(room.neededMemoryBytes))
        let isEnough = preview.placed == preview.starting
        let role: Style.Role = isEnough ? .normal : .waiting
        return [
            Field(strings.room(room.nodes, others: others, cpu: cpu), role),
            Field("\(strings.memory(memory))\(isEnough ? "  ok" : "")", role),
        ]
    }

    private static func fit(_ preview: SwarmdPreviewResponse, _ strings: Strings) -> Field {
        let room = preview.room
        var details: [String] = []
        if let service = preview.services.first, preview.services.count == 1 {
            if service.nanoCpus > 0 {
                let (free, needed) = (Amounts.cpus(room.freeNanoCpus), Amounts.cpus(service.nanoCpus))
                details.append(strings.processorsEach(free, needed))
            }
            if service.memoryBytes > 0 {
                let (free, needed) = (Self.bytes(room.freeMemoryBytes), Self.bytes(service.memoryBytes))
                details.append(strings.memoryEach(free, needed))
            }
        }
        let text = strings.fit(preview.placed, of: preview.starting, details)
        return Field(text, preview.placed == preview.starting ? .normal : .waiting)
    }

    private static func bytes(_ count: Int64) -> String { Amounts.bytes(UInt64(max(0, count))) }

    private static func spread(_ service: SwarmdPreviewService, _ strings: Strings) -> String {
        let key = service.spreadOver.split(separator: ".").last.map(String.init) ?? ""
        let label = service.spreadOver == "node" ? "" : "\(key)="
        var words = service.spread.prefix(Self.spreadLimit).map {
            "\(label)\($0.value.isEmpty ? "-" : $0.value) \($0.tasks)"
        }
        let rest = service.spread.count - words.count
        if rest > 0 { words.append(strings.andMore(rest)) }
        return words.joined(separator: "  ")
    }

    /// What stays PENDING, and what is short of tasks for a while.
    private static func warnings(_ preview: SwarmdPreviewResponse, _ strings: Strings) -> [Field] {
        var lines = preview.pending.prefix(Self.limit).map {
            Field(strings.warn(strings.pending($0)), .bad)
        }
        let rest = preview.pending.dropFirst(Self.limit).reduce(0) { $0 + $1.tasks }
        if rest > 0 { lines.append(Field(strings.warn(strings.morePending(rest)), .bad)) }
        let short = preview.services.filter { $0.stopping > 0 && $0.starting > 0 }
        for service in short.prefix(Self.limit) {
            let left = service.running - min(service.running, service.stopping)
            let wanted = service.wanted
            let change = "\(service.serviceName) \(service.running)/\(wanted) -> \(left)/\(wanted)"
            lines.append(Field(strings.warn(strings.whileItMoves(change)), .waiting))
        }
        if short.count > Self.limit {
            lines.append(Field(strings.moreMove(short.count - Self.limit), .muted))
        }
        if Self.isCut(preview) {
            lines.append(Field(strings.cutShort, .muted))
        }
        return lines
    }

    private static func quorum(_ preview: SwarmdPreviewResponse, _ strings: Strings) -> [Field] {
        guard preview.hasQuorumBefore, preview.hasQuorumAfter else { return [] }
        let (before, after) = (Quorum(preview.quorumBefore), Quorum(preview.quorumAfter))
        return [
            before == after
                ? Field(strings.goesOnVoting(before))
                : Field(
                    strings.quorumChange(strings.quorum(before, to: after)),
                    after.spare > 0 ? .normal : .waiting
                )
        ]
    }

    private static func isCut(_ preview: SwarmdPreviewResponse) -> Bool { preview.cut }
}

extension Quorum {
    fileprivate init(_ told: SwarmdPreviewQuorum) {
        self.init(managers: Int(told.managers), reachable: Int(told.reachable))
    }
}
