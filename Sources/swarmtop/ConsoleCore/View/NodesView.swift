import Primitives
import SwarmAPI

/// The nodes: managers first.
enum NodesView {
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Table.draw(&painting, layout)
        let model = painting.model
        guard let node = model.selected.flatMap({ model.cluster.nodes[$0] }) else { return }
        let title = "\(node.name)  \(node.id)  \(node.addr)"
        DetailView.draw(&painting, layout, title: title, Self.detail(node, &painting))
    }

    static func columns(wide: Bool) -> [Column] {
        [
            Column(.name, width: 8, stretch: 2),
            Column(.role, width: 7, rank: 4),
            Column(.status, width: 7),
            Column(.availability, width: 6),
            Column(.tasks, width: 5, side: .right),
            Column(.states, width: wide ? 14 : 9, stretch: 1, rank: 5),
            Column(wide ? .processorsWide : .processors, id: "CPU", width: wide ? 18 : 8, rank: 2),
            Column(wide ? .memoryWide : .memory, id: "MEM", width: wide ? 18 : 8, rank: 3),
            Column(.certificate, width: 5, rank: 1, side: .right),
            Column(.labels, width: 8, stretch: 2, rank: 7),
            Column(.engine, width: 9, rank: 6),
        ]
    }

    /// What a node is sorted by where the words do not tell.
    static func sortValue(_ id: String, _ title: String, _ cluster: ClusterState) -> SortValue? {
        let tally = cluster.byNode[id] ?? Tally()
        switch title {
        case "NAME": return cluster.nodes[id].map { SortValue($0.name) }
        case "TASKS": return SortValue(tally.live)
        case "CPU": return .number(tally.nanoCPUs)
        case "MEM": return .number(tally.memory)
        case "CERT":
            return cluster.trust?.certificates[id]?.ends.map { .number($0.nanoseconds) } ?? SortValue.none
        case "LABELS": return SortValue(cluster.nodes[id]?.labels.joined(separator: " ") ?? "")
        default: return nil
        }
    }

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let cluster = painting.model.cluster
        guard let node = cluster.nodes[id] else { return [] }
        let wide = painting.canvas.size.columns >= 120
        let tally = cluster.byNode[node.id] ?? Tally()
        let leader = cluster.status.map { $0.raft.leaderID == node.id } ?? node.isLeader
        let status =
            node.gone == nil ? Field(node.stateName, Self.role(node)) : Field(painting.strings.gone, .muted)
        let processors = Self.share(
            tally.nanoCPUs,
            node.nanoCPUs,
            Amounts.cpus(tally.nanoCPUs) + "/" + Amounts.cpus(node.nanoCPUs),
            painting,
            wide
        )
        let memory = Self.share(
            tally.memory,
            node.memory,
            Amounts.gibibytes(tally.memory) + "/" + Amounts.gibibytes(node.memory) + "G",
            painting,
            wide
        )
        return [
            Field(node.name + (leader ? "*" : ""), node.gone == nil ? .normal : .muted),
            Field(node.isManager ? "manager" : "worker"),
            status,
            Field(node.availability.word, node.availability == .active ? .normal : .waiting),
            Field("\(tally.live)"),
            Field(tally.live > 0 || tally[.failed] > 0 ? tally.summary() : "-"),
            processors, memory,
            CertificatesView.expiry(cluster.trust?.certificates[node.id], &painting),
            Field(node.labels.joined(separator: " ")),
            Field(node.engine),
        ]
    }

    private static func share(
        _ part: Int64,
        _ whole: Int64,
        _ text: String,
        _ painting: Painting,
        _ wide: Bool
    ) -> Field {
        guard wide else { return Field(text) }
        let filled = whole > 0 ? min(8, Int(Double(part) / Double(whole) * 8 + 0.5)) : 0
        let bar =
            String(repeating: painting.lines.full, count: filled)
            + String(repeating: painting.lines.empty, count: 8 - filled)
        let padding = String(repeating: " ", count: max(0, 7 - text.count))
        return Field("\(padding)\(text) [\(bar)]")
    }

    private static func role(_ node: NodeRow) -> Style.Role {
        switch node.state {
        case .ready: .good
        case .down, .disconnected: .bad
        case .unknown, .UNRECOGNIZED: .waiting
        }
    }

    private static func detail(_ node: NodeRow, _ painting: inout Painting) -> [String] {
        let cluster = painting.model.cluster
        let strings = painting.strings
        let tally = cluster.byNode[node.id] ?? Tally()
        var first = "\(node.name) \(node.stateName)"
        if !node.message.isEmpty { first += ": \(node.message)" }
        first += "   \(strings.taskCount(tally.live, tally.summary()))"
        if node.wantsManager != node.isManager {
            first += "   \(strings.becomes(manager: node.wantsManager))"
        }
        var second = [node.platform, node.engine.isEmpty ? "" : strings.engine(node.engine)]
        if let session = cluster.status?.sessions.first(where: { $0.nodeID == node.id }), session.hasOpenedAt
        {
            second.append(strings.session(painting.age(since: .init(session.openedAt))))
        }
        if !node.labels.isEmpty { second.append(strings.labels(node.labels.joined(separator: " "))) }
        if let expiry = cluster.trust?.certificates[node.id]?.expiry(at: painting.now), expiry.level > .fine {
            painting.hold(until: expiry)
            second.insert(strings.certificateEnds(expiry.marked), at: 0)
        }
        return [first, second.filter { !$0.isEmpty }.joined(separator: "   ")]
    }
}
