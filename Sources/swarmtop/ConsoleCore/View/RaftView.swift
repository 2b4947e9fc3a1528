import Primitives
import SwarmAPI

/// The replicated log and its members.
enum RaftView {
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        // The members take few rows: the manager's own figures stand below them.
        var list = layout
        let members = painting.model.rows.count
        let room = max(1, layout.body.count - 5)
        list.body = layout.body.lowerBound..<(layout.body.lowerBound + min(max(1, members), room))
        Table.draw(&painting, list)
        guard let status = painting.model.cluster.status else { return }
        var row = list.body.upperBound + 1
        for line in Self.figures(status) where row < layout.body.upperBound {
            painting.canvas.put(line, row, 1)
            row += 1
        }
        Self.drawTolerance(&painting, row: row + 1, end: layout.body.upperBound)
        Self.drawElections(&painting, row: row + 3, end: layout.body.upperBound)
        guard let id = painting.model.selected,
            let member = painting.model.members.first(where: { $0.nodeID == id })
        else { return }
        let name = painting.model.cluster.nodeName(id)
        DetailView.draw(
            &painting,
            layout,
            title: "\(name)  \(id)",
            ["\(name) at \(member.addr)   node \(id)"]
        )
    }

    static let columns = [
        Column(title: "MEMBER", width: 10, stretch: 2),
        Column(title: "RAFT ID", width: 12, rank: 3),
        Column(title: "ROLE", width: 8),
        Column(title: "STATE", width: 9),
        Column(title: "MATCH", width: 9, side: .right),
        Column(title: "NEXT", width: 9, rank: 2, side: .right),
        Column(title: "LAG", width: 6, side: .right),
        Column(title: "CONTACT", width: 7, rank: 1, side: .right),
    ]

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let cluster = painting.model.cluster
        guard let member = painting.model.members.first(where: { $0.nodeID == id }) else { return [] }
        let commit = cluster.status?.raft.commitIndex ?? 0
        let lag = member.match > 0 && commit > member.match ? commit - member.match : 0
        let isLost = !member.leader && !member.reachable
        let state: String = isLost ? "lost" : member.progress.isEmpty ? "-" : member.progress
        return [
            Field(cluster.nodeName(member.nodeID) + (member.leader ? "*" : "")),
            Field(String(member.raftID, radix: 16)),
            Field(
                member.leader ? "LEADER" : member.learner ? "learner" : "follower",
                member.leader ? .good : member.learner ? .moving : .normal
            ),
            Field(state, isLost ? .bad : state == "probe" || state == "snapshot" ? .waiting : .normal),
            Field(member.match > 0 ? "\(member.match)" : "-"),
            Field(member.next > 0 ? "\(member.next)" : "-"),
            Field(member.match > 0 ? "\(lag)\(lag > 100 ? "!" : "")" : "-", lag > 100 ? .waiting : .normal),
            Field(member.hasLastContact ? painting.age(since: .init(member.lastContact)) : "-"),
        ]
    }

    private static func figures(_ status: SwarmdConsoleStatus) -> [String] {
        let raft = status.raft
        let pending = raft.appliedIndex >= raft.snapshotIndex ? raft.appliedIndex - raft.snapshotIndex : 0
        return [
            "this manager: \(status.hostname)   swarmd \(status.version)   term \(raft.term)",
            "commit \(raft.commitIndex)   applied \(raft.appliedIndex)   first \(raft.firstIndex)"
                + "   snapshot \(raft.snapshotIndex)",
            "WAL \(Amounts.bytes(raft.logBytes)) (\(pending) entries since snapshot)",
        ]
    }

    /// What the loss of one more member would do.
    private static func drawTolerance(_ painting: inout Painting, row: Int, end: Int) {
        guard row < end else { return }
        let health = Health(painting.model.cluster)
        let standing = painting.model.standing
        if let advice = standing.advice(columns: painting.canvas.size.columns) {
            painting.canvas.put(advice, row, 1, .bad)
            return
        }
        guard health.managers > 0 else { return }
        let (text, role): (String, Style.Role) =
            if health.spare < 0 {
                ("NO QUORUM: \(health.reachable) of \(health.managers), \(health.quorum) are needed", .bad)
            } else if health.spare == 0 {
                ("Losing one more manager => NO QUORUM", health.managers > 1 ? .waiting : .normal)
            } else {
                ("\(health.spare) more may be lost", .normal)
            }
        painting.canvas.put(text, row, 1, role)
    }

    /// What this manager saw of elections, the newest first.
    private static func drawElections(_ painting: inout Painting, row: Int, end: Int) {
        let model = painting.model
        guard let status = model.cluster.status, row + 1 < end else { return }
        let own = status.raft.members.first { $0.nodeID == status.nodeID }?.raftID ?? 0
        let elections = Election.all(in: status.raft.elections, own: own)
        guard !elections.isEmpty else { return }
        painting.canvas.put("elections, as seen here", row, 1, .heading)
        for (offset, election) in elections.reversed().enumerated() {
            guard row + 1 + offset < end else { return }
            let line = "\(Ages.clock(election.at))  term \(election.term)  " + Self.words(election, model)
            painting.canvas.put(line, row + 1 + offset, 1, election.leader == nil ? .bad : .normal)
        }
    }

    /// Who leads after whom, and how long nobody did.
    private static func words(_ election: Election, _ model: Model) -> String {
        func name(_ number: UInt64) -> String {
            let member = model.members.first { $0.raftID == number }
            return member.map { model.cluster.nodeName($0.nodeID) } ?? String(number, radix: 16)
        }
        let before = election.before.map(name)
        guard let leader = election.leader else {
            return "no leader" + (before.map { ": \($0) is lost" } ?? "")
        }
        var text = name(leader) + " leads"
        if let before, election.before != election.leader { text += " after \(before)" }
        if election.before == election.leader { text += " again" }
        if let gap = election.gap { text += ", \(Ages.gap(gap)) without a leader" }
        return text
    }
}
