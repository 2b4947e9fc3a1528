import SwarmAPI

/// Making another manager the leader.
extension Model {
    /// Managers further behind are refused; the leader has the same limit.
    private static let mostBehind: UInt64 = 1000

    /// Why `node` cannot be made the leader; nil when it can.
    func transferRefusal(of node: NodeRow) -> String? {
        let strings = self.strings
        if node.gone != nil { return strings.isGone(node.name) }
        guard let raft = self.cluster.status?.raft,
            let member = raft.members.first(where: { $0.nodeID == node.id })
        else { return strings.isNoManager(node.name) }
        if member.leader { return strings.leadsAlready(node.name) }
        if member.learner { return strings.hasNoVote(node.name) }
        guard member.reachable else { return strings.doesNotAnswer(node.name) }
        if member.progress == "snapshot" { return strings.isSentState(node.name) }
        let behind = member.behind(raft.commitIndex)
        guard behind <= Self.mostBehind else {
            return strings.isBehind(node.name, behind)
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
