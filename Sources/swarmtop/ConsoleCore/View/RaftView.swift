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
        for line in Self.figures(status, painting.strings) where row < layout.body.upperBound {
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
            [painting.strings.member(name, at: member.addr, id)]
        )
    }

    static let columns = [
        Column(.member, width: 10, stretch: 2),
        Column(.raftID, width: 12, rank: 3),
        Column(.role, width: 8),
        Column(.state, width: 9),
        Column(.match, width: 9, side: .right),
        Column(.next, width: 9, rank: 2, side: .right),
        Column(.lag, width: 6, side: .right),
        Column(.contact, width: 7, rank: 1, side: .right),
    ]

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let cluster = painting.model.cluster
        let strings = painting.strings
        guard let member = painting.model.members.first(where: { $0.nodeID == id }) else { return [] }
        let commit = cluster.status?.raft.commitIndex ?? 0
        let lag = member.match > 0 && commit > member.match ? commit - member.match : 0
        let isLost = !member.leader && !member.reachable
        let state: String = isLost ? strings.lost : member.progress.isEmpty ? "-" : member.progress
        return [
            Field(cluster.nodeName(member.nodeID) + (member.leader ? "*" : "")),
            Field(String(member.raftID, radix: 16)),
            Field(
                member.leader ? strings.leading : member.learner ? strings.learner : strings.follower,
                member.leader ? .good : member.learner ? .moving : .normal
            ),
            Field(state, isLost ? .bad : state == "probe" || state == "snapshot" ? .waiting : .normal),
            Field(member.match > 0 ? "\(member.match)" : "-"),
            Field(member.next > 0 ? "\(member.next)" : "-"),
            Field(member.match > 0 ? "\(lag)\(lag > 100 ? "!" : "")" : "-", lag > 100 ? .waiting : .normal),
            Field(member.hasLastContact ? painting.age(since: .init(member.lastContact)) : "-"),
        ]
    }

    private static func figures(_ status: SwarmdConsoleStatus, _ strings: Strings) -> [String] {
        let raft = status.raft
        let pending = raft.appliedIndex >= raft.snapshotIndex ? raft.appliedIndex - raft.snapshotIndex : 0
        return [
            strings.thisManager(status.hostname, status.version, raft.term),
            [
                strings.commit(raft.commitIndex), strings.applied(raft.appliedIndex),
                strings.firstEntry(raft.firstIndex, snapshot: raft.snapshotIndex),
            ].joined(separator: "   "),
            strings.log(Amounts.bytes(raft.logBytes), pending),
        ]
    }

    /// What the loss of one more member would do.
    private static func drawTolerance(_ painting: inout Painting, row: Int, end: Int) {
        guard row < end else { return }
        let health = Health(painting.model.cluster)
        let strings = painting.strings
        let standing = painting.model.standing
        if let advice = strings.advice(standing, columns: painting.canvas.size.columns) {
            painting.canvas.put(advice, row, 1, .bad)
            return
        }
        guard health.managers > 0 else { return }
        let (text, role): (String, Style.Role) =
            if health.spare < 0 {
                (strings.noQuorum(health.reachable, of: health.managers, needed: health.quorum), .bad)
            } else if health.spare == 0 {
                (strings.oneMoreLost, health.managers > 1 ? .waiting : .normal)
            } else {
                (strings.mayBeLost(health.spare), .normal)
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
        painting.canvas.put(model.strings.elections, row, 1, .heading)
        for (offset, election) in elections.reversed().enumerated() {
            guard row + 1 + offset < end else { return }
            let line =
                "\(Ages.clock(election.at))  \(model.strings.term(election.term))  "
                + Self.words(election, model)
            painting.canvas.put(line, row + 1 + offset, 1, election.leader == nil ? .bad : .normal)
        }
    }

    /// Who leads after whom, and how long nobody did.
    private static func words(_ election: Election, _ model: Model) -> String {
        func name(_ number: UInt64) -> String {
            let member = model.members.first { $0.raftID == number }
            return member.map { model.cluster.nodeName($0.nodeID) } ?? String(number, radix: 16)
        }
        let strings = model.strings
        let before = election.before.map(name)
        guard let leader = election.leader else {
            return strings.noLeader(lost: before)
        }
        var text = strings.leads(name(leader))
        if let before, election.before != election.leader { text += strings.after(before) }
        if election.before == election.leader { text += strings.again }
        if let gap = election.gap { text += strings.withoutLeader(Ages.gap(gap)) }
        return text
    }
}
