import RaftCore
import Testing

@Suite struct MembershipChangeTests {
    /// A group of one that leads.
    private func alone(configure: (inout RaftConfiguration) -> Void = { _ in }) -> Network {
        var network = Network(1, configure: configure)
        network.elect(1)
        return network
    }

    private func change(_ network: inout Network, _ change: ConfigurationChange, at id: RaftID = 1) throws {
        try network[id].node.propose(change)
        network.settle()
    }

    @Test func `a member that is added gets the log and counts`() throws {
        var network = self.alone()
        try network.propose("some", at: 1)
        network.add(2, log: .of(terms: [], voters: 1))
        try self.change(&network, ConfigurationChange(v1: .addVoter, 2, id: 5, context: [1]))
        #expect(network.texts(2) == ["some"])
        #expect(network[2].node.status.configuration.voters == [1, 2])
        network.isolate(2)
        try network[1].node.propose([1])
        network.settle()
        #expect(network[1].node.commitIndex == 3)
        #expect(network[1].node.lastIndex == 4)
    }

    @Test func `to add a member twice changes nothing the second time`() throws {
        var network = self.alone()
        network.add(2, log: .of(terms: [], voters: 1))
        for _ in 0..<2 { try self.change(&network, ConfigurationChange(v1: .addVoter, 2)) }
        try network.propose("some", at: 1)
        #expect(network[1].node.status.configuration.voters == [1, 2])
        #expect(network.texts(2) == ["some"])
    }

    @Test func `a removed member is no longer waited for`() throws {
        var network = Network(2)
        network.elect(1)
        network.isolate(2)
        try network[1].node.propose([1])
        network.settle()
        #expect(network[1].node.commitIndex == 1)
        _ = try network[1].node.apply(ConfigurationChange(v1: .remove, 2))
        #expect(network[1].node.commitIndex == 2)
    }

    @Test func `the last voter can't be removed`() throws {
        var network = self.alone()
        #expect(throws: RaftError.invalidMembership(.noVotersLeft)) {
            try network[1].node.apply(ConfigurationChange(v1: .remove, 1))
        }
        #expect(network[1].node.status.configuration.voters == [1])
    }

    @Test func `a change that is not applied bars another one`() throws {
        var network = Network(3)
        network.elect(1)
        network.isolate(1)
        try self.change(&network, ConfigurationChange(v1: .addVoter, 4, id: 1))
        try self.change(&network, ConfigurationChange(v1: .addVoter, 5, id: 2))
        let last = try #require(network[1].node.log.entries(from: 3, to: 4).first)
        #expect(last.payload == .normal([]))
        let events = network[1].node.takeEvents()
        #expect(events.contains { if case .configurationChangeRefused(2, _) = $0 { true } else { false } })
        network.heal()
        network.tick(2, 1)
        try self.change(&network, ConfigurationChange(v1: .addVoter, 5))
        #expect(network[1].node.status.configuration.voters == [1, 2, 3, 4, 5])
    }

    @Test func `a new leader takes no change before it has applied what it found`() throws {
        var node = RaftNode.one(of: 3, terms: [1, 1], state: HardState(term: 1))
        _ = try node.win()
        try node.propose(ConfigurationChange(v1: .addVoter, 4, id: 1))
        _ = try node.acknowledge(from: 2)
        #expect(node.log.entries(from: 4, to: 5).map(\.payload) == [.normal([])])
        try node.propose(ConfigurationChange(v1: .addVoter, 4, id: 2))
        _ = try node.acknowledge(from: 2)
        #expect(node.status.configuration.voters == [1, 2, 3, 4])
    }

    @Test func `with a committed change not applied nobody stands for election`() throws {
        var node = RaftNode.one(of: 3)
        let change = ConfigurationChange(v1: .addVoter, 4)
        let entries = [Entry(term: 1, index: 1, payload: .configuration(change))]
        try node.step(Message(.append, to: 1, from: 2, term: 1, entries: entries, commit: 1))
        node.campaign()
        #expect(node.role == .follower)
        let events = node.takeEvents()
        #expect(events.contains { if case .electionImpossible = $0 { true } else { false } })
        _ = node.work()
        node.campaign()
        #expect(node.role == .candidate)
    }

    @Test func `a member that is none any more does not stand`() throws {
        var node = RaftNode.one(of: 2)
        _ = try node.apply(ConfigurationChange(v1: .remove, 1))
        for _ in 0..<50 { node.tick() }
        #expect(node.role == .follower)
        #expect(node.term == 0)
    }

    @Test(arguments: [false, true])
    func `a leader that is removed commits its removal, and steps down if it shall`(stepsDown: Bool) throws {
        var network = Network(3) { $0.stepDownOnRemoval = stepsDown }
        network.elect(1)
        try self.change(&network, ConfigurationChange(v1: .remove, 1))
        #expect(network[2].node.status.configuration.voters == [2, 3])
        #expect(network[1].node.role == (stepsDown ? .follower : .leader))
        let error: RaftError = .proposalDropped(stepsDown ? .noLeader : .notMember)
        #expect(throws: error) { try network[1].node.propose([1]) }
    }

    @Test func `a learner gets the log, has no vote, and can be promoted`() throws {
        var network = self.alone()
        network.add(2, log: .of(terms: [], voters: 1))
        try self.change(&network, ConfigurationChange(v1: .addLearner, 2))
        #expect(network[1].node.status.configuration.learners == [2])
        network.isolate(2)
        try network.propose("alone", at: 1)
        #expect(network.texts(1) == ["alone"])
        network.heal()
        network.tick(2, 1)
        #expect(network.texts(2) == ["alone"])
        try self.change(&network, ConfigurationChange(v1: .addVoter, 2))
        #expect(network[2].node.status.configuration.voters == [1, 2])
        network.elect(2)
        #expect(network.leaders == [2])
    }

    @Test func `several changes pass through a joint configuration that ends by itself`() throws {
        var network = Network(3)
        for id in [4, 5] as [RaftID] { network.add(id, log: .of(terms: [])) }
        network.elect(1)
        let swap = ConfigurationChange([
            .init(.remove, 2), .init(.remove, 3), .init(.addVoter, 4), .init(.addVoter, 5),
        ])
        try self.change(&network, swap)
        network.tick(2, 1)
        for id in [1, 4, 5] as [RaftID] {
            #expect(network[id].node.status.configuration == ConfigurationState(voters: [1, 4, 5]))
        }
        #expect(network[1].node.role == .leader)
    }

    @Test func `in a joint configuration both majorities decide`() throws {
        var node = RaftNode.one(of: 3)
        _ = try node.win()
        _ = try node.acknowledge(from: 2, 3)
        let swap = ConfigurationChange([.init(.addVoter, 4), .init(.addVoter, 5)], transition: .explicit)
        try node.propose(swap)
        _ = try node.acknowledge(from: 2, 3)
        #expect(node.status.configuration.votersOutgoing == [1, 2, 3])
        try node.propose([1])
        _ = node.work()
        let before = node.commitIndex
        for id in [4, 5] as [RaftID] {
            try node.step(Message(.appendResponse, to: 1, from: id, term: 1, index: node.lastIndex))
        }
        #expect(node.commitIndex == before, "of the old members only the leader holds it")
        try node.step(Message(.appendResponse, to: 1, from: 2, term: 1, index: node.lastIndex))
        #expect(node.commitIndex == node.lastIndex)
        try node.propose(ConfigurationChange())
        _ = try node.acknowledge(from: 2, 4, 5)
        #expect(node.status.configuration == ConfigurationState(voters: [1, 2, 3, 4, 5]))
    }

    @Test func `a founder founds the group that its log tells`() throws {
        var node = RaftNode(RaftConfiguration(id: 1), log: StableLog())
        node.bootstrap([(1, [9])])
        #expect(node.status.configuration.voters == [1])
        let ready = node.ready()
        #expect(ready.hardState == HardState(term: 1, commit: 1))
        #expect(ready.entries == ready.committedEntries)
        guard case .configuration(let change)? = ready.entries.first?.payload else {
            Issue.record("no configuration change")
            return
        }
        #expect(change == ConfigurationChange(v1: .addVoter, 1, context: [9]))
        node.persisted(ready)
        _ = try node.apply(change)
        node.advance()
        node.campaign()
        _ = node.work()
        #expect(node.role == .leader)
        // The empty entry that opens term 2 is the second one, as in Docker's own logs.
        #expect(node.log.terms == [1, 2])
    }
}
