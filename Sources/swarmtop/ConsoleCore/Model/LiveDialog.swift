import SwarmAPI

/// Keeping a question true while the cluster goes on.
///
/// What it tells is computed anew. The version goes along as long as only what the managers write has changed;
/// a spec that somebody changed keeps the old one, so that the manager refuses, and the question is asked again.
extension Model {
    /// Brings the open dialog up to date; where it says something else now, it has to be painted before `y` counts.
    mutating func refreshDialog() {
        guard let before = self.dialog, before.isIdle else { return }
        var dialog = before
        switch dialog.subject {
        case .scale: self.refresh(&dialog, before.seen.services, self.cluster.services)
        case .availability: self.refresh(&dialog, before.seen.nodes, self.cluster.nodes)
        case .role(let question): dialog.subject = .role(self.refreshed(question))
        case .plain(let question) where question.kind.isOfNode:
            self.refresh(&dialog, before.seen.nodes, self.cluster.nodes)
        case .plain: self.refresh(&dialog, before.seen.services, self.cluster.services)
        case .keys(var question):
            if let autolock = self.cluster.trust?.autolock { question.saw(autolock: autolock) }
            dialog.subject = .keys(question)
        case .rotation, .edit: break
        }
        guard dialog != before else { return }
        if dialog.subject != before.subject { dialog.isPainted = false }
        self.dialog = dialog
    }

    /// Takes the newest version of what is asked about, as long as its spec is the one that was seen.
    private func refresh<Row: SpecRow>(
        _ dialog: inout Dialog,
        _ seen: [String: Row],
        _ now: [String: Row]
    ) {
        func version(of id: String) -> UInt64? {
            guard let before = seen[id], let row = now[id], before.isSameSpec(row) else { return nil }
            return row.version
        }
        dialog.version = version(of: dialog.id) ?? dialog.version
        for (index, target) in dialog.more.enumerated() {
            dialog.more[index].version = version(of: target.id) ?? target.version
        }
    }

    /// The same question about the group and the nodes as they are now; what was typed stays.
    private func refreshed(_ question: RoleQuestion) -> RoleQuestion {
        let targets = question.targets.map { target in
            guard let node = self.cluster.nodes[target.id] else { return target }
            var target = target
            let fresh = self.target(node, question.kind)
            (target.isReachable, target.isLeader) = (fresh.isReachable, fresh.isLeader)
            let isSame = self.dialog?.seen.nodes[target.id]?.isSameSpec(node) == true
            if isSame { target.version = node.version }
            return target
        }
        var fresh = RoleQuestion(question.kind, targets, Health(self.cluster).group)
        if let typed = question.confirmation, fresh.confirmation?.wanted == typed.wanted {
            fresh.confirmation = typed
        }
        return fresh
    }

    /// The node as a question of roles tells of it.
    func target(_ node: NodeRow, _ kind: RoleQuestion.Kind) -> RoleQuestion.Target {
        let member = self.cluster.status?.raft.members.first { $0.nodeID == node.id }
        return RoleQuestion.Target(
            id: node.id,
            name: node.name,
            version: node.version,
            isReachable: kind == .promote ? node.isReady : member?.reachable ?? node.isReachable,
            isLeader: node.id == self.cluster.status?.raft.leaderID
        )
    }

    /// Remembers what a dialog that has just been opened was opened on.
    mutating func noteSeen() {
        guard let dialog = self.dialog, dialog.seen == Dialog.Seen() else { return }
        var ids = [dialog.id] + dialog.more.map(\.id)
        if case .role(let question) = dialog.subject { ids += question.targets.map(\.id) }
        var seen = Dialog.Seen()
        for id in ids {
            seen.services[id] = self.cluster.services[id]
            seen.nodes[id] = self.cluster.nodes[id]
        }
        self.dialog?.seen = seen
    }
}

extension Dialog {
    /// The objects as they were when the question was asked.
    struct Seen: Sendable, Equatable {
        var services: [String: ServiceRow] = [:]
        var nodes: [String: NodeRow] = [:]
    }

    /// No request is on its way, and no conflict waits to be answered.
    fileprivate var isIdle: Bool {
        switch self.phase {
        case .asking, .failed: true
        case .sending, .conflict: false
        }
    }
}

extension ServiceRow: SpecRow {
    /// Nobody changed what the service should be between the two.
    fileprivate func isSameSpec(_ other: ServiceRow) -> Bool {
        self.specVersion == other.specVersion && self.mode == other.mode && self.image == other.image
            && self.uses == other.uses && self.gone == other.gone
    }
}

extension NodeRow: SpecRow {
    /// Nobody changed what the node should be between the two.
    fileprivate func isSameSpec(_ other: NodeRow) -> Bool {
        self.availability == other.availability && self.wantsManager == other.wantsManager
            && self.labels == other.labels && self.gone == other.gone
    }
}

/// A row whose object has a spec that operators change, and a version that anybody's change moves on.
private protocol SpecRow {
    var version: UInt64 { get }

    /// Whether nobody changed the spec between this row and `other`.
    func isSameSpec(_ other: Self) -> Bool
}
