import SwarmAPI

/// What another leader would mean, in a dialog.
enum TransferDialogView {
    static func lines(_ dialog: Dialog, _ model: Model) -> [Field] {
        guard let raft = model.cluster.status?.raft else { return [] }
        let leader = model.cluster.nodeName(raft.leaderID)
        var lines = [
            Field("\(leader) leads now, in term \(raft.term); \(dialog.name) will in the next."),
            Field("Changes wait until then, most often some milliseconds. Tasks run on."),
        ]
        let behind = raft.members.first { $0.nodeID == dialog.id }.map { $0.behind(raft.commitIndex) } ?? 0
        if behind > 0 { lines.append(Field("It is \(behind) entries behind and gets them first.", .waiting)) }
        lines.append(Field("If it does not take over within 3 s, \(leader) leads on.", .muted))
        return lines
    }
}
