import SwarmAPI

/// Making another manager the leader.
extension Model {
    /// Managers further behind are refused; the leader has the same limit.
    private static let mostBehind: UInt64 = 1000

    /// Why `node` cannot be made the leader; nil when it can.
    func transferRefusal(of node: NodeRow) -> String? {
        if node.gone != nil { return "\(node.name) is gone" }
        guard let raft = self.cluster.status?.raft,
            let member = raft.members.first(where: { $0.nodeID == node.id })
        else { return "\(node.name) is no manager: only those lead" }
        if member.leader { return "\(node.name) leads already" }
        if member.learner { return "\(node.name) has no vote yet: it is catching up" }
        guard member.reachable else { return "\(node.name) does not answer" }
        if member.progress == "snapshot" { return "\(node.name) is still being sent the whole state" }
        let behind = member.behind(raft.commitIndex)
        guard behind <= Self.mostBehind else {
            return "\(node.name) is \(behind) entries behind: wait until it has caught up"
        }
        return nil
    }

    /// `:transfer-leader`: goes to the member, so that what is asked about is seen.
    mutating func command(transferLeader name: String) {
        guard let node = self.node(named: name) else { return }
        if let refusal = self.transferRefusal(of: node) { return self.say(refusal) }
        self.reveal(node.id, in: .raft)
        self.ask(letter: Verb.transferLeader.letter)
    }
}

extension SwarmdRaftPeer {
    /// How many of the `commit` entries are not known to be in its log; 0 where nothing is known.
    func behind(_ commit: UInt64) -> UInt64 {
        self.match > 0 && commit > self.match ? commit - self.match : 0
    }
}
