import RaftCore
import Testing

@Suite struct CheckQuorumTests {
    private func group(_ count: Int = 3) -> Network {
        var network = Network(count) { $0.checkQuorum = true }
        network.elect(1)
        return network
    }

    @Test func `a leader that hears of a quorum stays`() {
        var network = self.group()
        network.tick(60)
        #expect(network.leaders == [1])
        #expect(network[1].node.term == 1)
    }

    @Test func `a leader that hears of no quorum steps down`() {
        var network = self.group()
        network.isolate(1)
        network.tick(2 * network[1].node.electionTick, 1)
        #expect(network[1].node.role == .follower)
        #expect(network[1].node.term == 1)
        #expect(network[1].node.takeEvents().contains(.quorumLost(term: 1)))
    }

    @Test func `just after a check, whoever answered before it still counts as answering`() {
        var network = self.group()
        network.tick(network[1].node.electionTick - 1, 1)
        // The tick of the check, before anybody answers the heartbeat of the same tick.
        while network[1].node.status.peers.contains(where: { $0.id != 1 && $0.isRecentlyActive }) {
            network[1].node.tick()
        }
        #expect(network[1].node.status.peers.allSatisfy { $0.answers })
        // Unless it was lost since.
        network[1].node.reportUnreachable(3)
        #expect(network[1].node.status.peers.filter { !$0.answers }.map(\.id) == [3])
    }

    @Test func `a member that says nothing between two checks does not answer`() {
        var network = self.group()
        network.isolate(3)
        network.tick(2 * network[1].node.electionTick, 1)
        #expect(network.leaders == [1])
        #expect(network[1].node.status.peers.filter { !$0.answers }.map(\.id) == [3])
    }

    @Test func `without the check it leads on`() {
        var network = Network(3)
        network.elect(1)
        network.isolate(1)
        network.tick(100, 1)
        #expect(network[1].node.role == .leader)
    }

    @Test func `members with a leader ignore candidates until they have waited for it`() {
        var network = self.group()
        network.elect(3)
        #expect(network.leaders == [1])
        #expect(network[2].node.term == 1)
        for _ in 0..<network[2].node.electionTick - 1 { network[2].node.tick() }
        network.elect(3)
        #expect(network[2].node.term == 1)
        network[2].node.tick()
        network.elect(3)
        #expect(network[3].node.role == .leader)
        #expect(network[2].node.leader == 3)
    }

    @Test func `a leader of an older term learns of the newer one, so that nobody is stuck`() {
        var network = self.group()
        network.isolate(1)
        for _ in 0..<network[2].node.electionTick { network[2].node.tick() }
        network.elect(3)
        #expect(network[3].node.role == .leader)
        network.heal()
        network.tick(1, 1)
        #expect(network[1].node.role == .follower)
        #expect(network[1].node.leader == 3 || network[1].node.leader == .none)
        network.tick(1, 3)
        #expect(network[1].node.leader == 3)
    }

    @Test func `a stuck candidate is freed by the leader's stepping down`() {
        var network = self.group()
        network.isolate(1)
        network.tick(1, 2)
        // 3 stands alone: 2 is loyal.
        network.elect(3)
        network.elect(3)
        #expect(network[3].node.role == .candidate)
        #expect(network[3].node.term == 3)
        network.heal()
        network.tick(1, 1)
        // The leader has learned of the later term; somebody is elected in one later still.
        #expect(network[1].node.role == .follower)
        network.elect(3)
        #expect(network[3].node.role == .leader || network[3].node.term >= 4)
    }

    @Test func `a member that is none of the group's disturbs nobody`() throws {
        var network = self.group()
        let request = Message(.vote, to: 2, from: 9, term: 100, logTerm: 9, index: 9)
        try network[2].node.step(request)
        #expect(network[2].node.term == 1)
        #expect(network.leaders == [1])
    }

    @Test func `a restarted member votes at once, having no leader to be loyal to`() {
        var network = self.group()
        network.isolate(1)
        network.add(2, log: network[2].node.log) { $0.checkQuorum = true }
        network.elect(3)
        #expect(network[3].node.role == .leader)
    }

    @Test func `a new member counts as heard of`() throws {
        var network = Network(1) { $0.checkQuorum = true }
        network.elect(1)
        try network[1].node.propose(ConfigurationChange(v1: .addVoter, 2))
        network.settle()
        #expect(network[1].node.status.configuration.voters == [1, 2])
        for _ in 0..<network[1].node.electionTick - 1 { network[1].node.tick() }
        network.settle()
        #expect(network[1].node.role == .leader)
    }

    @Test func `a follower that is slow can be given more time`() {
        var network = self.group()
        for id in network.ids { network[id].node.setTicks(election: 100, heartbeat: 10) }
        network.isolate(1)
        network.tick(99, 2, 3)
        #expect(network[2].node.role == .follower)
        #expect(network[3].node.role == .follower)
        for id in [2, 3] as [RaftID] { network[id].node.setTicks(election: 10, heartbeat: 1) }
        network.tick(20, 2, 3)
        #expect(network.leaders.count == 2, "the cut off one still believes that it leads")
    }
}
