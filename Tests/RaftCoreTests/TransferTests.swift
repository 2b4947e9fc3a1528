import RaftCore
import Testing

@Suite struct TransferTests {
    private func group(_ count: Int = 3, configure: (inout RaftConfiguration) -> Void = { _ in }) -> Network {
        var network = Network(count, configure: configure)
        network.elect(1)
        return network
    }

    private func transfer(_ network: inout Network, to target: RaftID, at id: RaftID = 1) {
        network[id].node.transferLeadership(to: target)
        network.settle()
    }

    @Test func `a member with the whole log takes over at once, and back`() {
        var network = self.group()
        self.transfer(&network, to: 2)
        #expect(network.leaders == [2])
        self.transfer(&network, to: 1, at: 2)
        #expect(network.leaders == [1])
        #expect(network[1].node.term == 3)
    }

    @Test func `a transfer goes past loyalty and pre-votes`() {
        var network = self.group {
            $0.checkQuorum = true
            $0.preVote = true
        }
        network.tick(3)
        self.transfer(&network, to: 3)
        #expect(network.leaders == [3])
        #expect(network.sent.contains { $0.kind == .vote && $0.context == Array("CampaignTransfer".utf8) })
    }

    @Test func `a follower passes the request on`() {
        var network = self.group()
        self.transfer(&network, to: 2, at: 2)
        #expect(network.leaders == [2])
        self.transfer(&network, to: 1, at: 3)
        #expect(network.leaders == [1])
    }

    @Test func `a member that lags gets the log first`() throws {
        var network = self.group()
        network.isolate(3)
        try network.propose("some", at: 1)
        network.heal()
        self.transfer(&network, to: 3)
        #expect(network.leaders == [3])
        #expect(network.texts(3) == ["some"])
    }

    @Test func `a member that needs a snapshot gets it first`() throws {
        var network = self.group()
        network.isolate(3)
        try network.propose("some", at: 1)
        network.compact(1)
        network.heal()
        self.transfer(&network, to: 3)
        #expect(network.sent.contains { $0.kind == .snapshot && $0.to == 3 })
        #expect(network.leaders == [3])
    }

    @Test func `to itself, to a learner and to a stranger nothing is transferred`() {
        var network = Network(2, learners: [9])
        network.elect(1)
        for target in [1, 9, 77] as [RaftID] {
            self.transfer(&network, to: target)
            #expect(network.leaders == [1])
            #expect(network[1].node.status.leadTransferee == .none)
        }
    }

    @Test func `proposals are dropped meanwhile`() throws {
        var network = self.group()
        network.isolate(3)
        self.transfer(&network, to: 3)
        #expect(throws: RaftError.proposalDropped(.transferInProgress(to: 3))) {
            try network[1].node.propose([1])
        }
    }

    @Test func `after an election timeout the leader leads on`() throws {
        var network = self.group()
        network.isolate(3)
        self.transfer(&network, to: 3)
        network.tick(network[1].node.electionTick - 1, 1)
        #expect(network[1].node.status.leadTransferee == 3)
        network.tick(1, 1)
        #expect(network[1].node.status.leadTransferee == .none)
        try network.propose("again", at: 1)
        #expect(network.texts(1) == ["again"])
        #expect(network[1].node.takeEvents().contains(.transferAborted(to: 3)))
    }

    @Test func `a second target takes the first one's place; the same one changes nothing`() {
        var network = self.group()
        network.isolate(3)
        self.transfer(&network, to: 3)
        network.tick(5, 1)
        self.transfer(&network, to: 3)
        network.tick(5, 1)
        #expect(network[1].node.status.leadTransferee == .none, "the time did not begin anew")
        self.transfer(&network, to: 3)
        self.transfer(&network, to: 2)
        #expect(network[2].node.role == .leader)
    }

    @Test func `to name the leader itself ends a transfer`() {
        var network = self.group()
        network.isolate(3)
        self.transfer(&network, to: 3)
        self.transfer(&network, to: 1)
        #expect(network[1].node.status.leadTransferee == .none)
        #expect(network[1].node.role == .leader)
    }

    @Test func `a later term ends a transfer`() throws {
        var network = self.group()
        network.isolate(3)
        self.transfer(&network, to: 3)
        network.elect(2)
        #expect(network[2].node.role == .leader)
        #expect(network[1].node.status.leadTransferee == .none)
    }

    @Test(arguments: [ConfigurationChange.Kind.remove, .addLearner])
    func `a target that is removed or demoted ends a transfer`(kind: ConfigurationChange.Kind) throws {
        var network = self.group()
        network.isolate(3)
        self.transfer(&network, to: 3)
        _ = try network[1].node.apply(ConfigurationChange([.init(kind, 3)]))
        #expect(network[1].node.status.leadTransferee == .none)
    }

    @Test func `a member that is no voter any more does not take over`() throws {
        var network = self.group()
        _ = try network[3].node.apply(ConfigurationChange(v1: .remove, 3))
        self.transfer(&network, to: 3)
        #expect(network[3].node.role == .follower)
        network.tick(network[1].node.electionTick, 1)
        #expect(network[1].node.role == .leader)
    }

    @Test func `only followers heed the order to take over`() throws {
        var node = RaftNode.one(of: 3)
        node.campaign()
        _ = node.work()
        try node.step(Message(.timeoutNow, to: 1, from: 2, term: 1))
        #expect(node.term == 1)
        #expect(node.role == .candidate)
    }
}
