import SwarmAPI

/// What another leader would mean, in a dialog.
enum TransferDialogView {
    static func lines(_ dialog: Dialog, _ model: Model) -> [Field] {
        guard let raft = model.cluster.status?.raft else { return [] }
        let strings = model.strings
        let leader = model.cluster.nodeName(raft.leaderID)
        var lines = [
            Field(strings.transfer(leader, raft.term, to: dialog.name)),
            Field(strings.transferWaits),
        ]
        let behind = raft.members.first { $0.nodeID == dialog.id }.map { $0.behind(raft.commitIndex) } ?? 0
        if behind > 0 { lines.append(Field(strings.transferBehind(behind), .waiting)) }
        lines.append(Field(strings.transferFails(leader), .muted))
        return lines
    }
}
