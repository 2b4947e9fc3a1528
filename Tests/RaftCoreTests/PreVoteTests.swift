import RaftCore
import Testing

@Suite struct PreVoteTests {
    @Test func `to ask changes neither the asker's term nor the asked one's`() throws {
        var node = RaftNode.one(of: 3) { $0.preVote = true }
        node.campaign()
        let requests = node.work()
        #expect(node.role == .preCandidate)
        #expect(node.term == 0)
        #expect(node.log.hardState.isEmpty)
        #expect(requests.map(\.kind) == [.preVote, .preVote])
        #expect(requests.allSatisfy { $0.term == 1 })

        var other = RaftNode.one(of: 3)
        let answers = try other.answers(to: Message(.preVote, to: 1, from: 2, term: 1))
        #expect(answers.map(\.term) == [1])
        #expect(answers.map(\.reject) == [false])
        #expect(other.term == 0)
        #expect(other.log.hardState.vote == .none)
    }

    @Test func `a member that was away comes back without disturbing the leader`() throws {
        var network = Network(3) {
            $0.preVote = true
            $0.checkQuorum = true
        }
        network.elect(1)
        network.isolate(3)
        network.tick(50, 3)
        #expect(network[3].node.role == .preCandidate)
        #expect(network[3].node.term == 1)
        try network.propose("meanwhile", at: 1)
        network.heal()
        network.tick(3)
        #expect(network.leaders == [1])
        #expect(network.texts(3) == ["meanwhile"])
    }

    @Test func `whoever is refused a pre-vote by a later term adopts it`() throws {
        var node = RaftNode.one(of: 3) { $0.preVote = true }
        node.campaign()
        _ = node.work()
        try node.step(Message(.preVoteResponse, to: 1, from: 2, term: 5, reject: true))
        #expect(node.role == .follower)
        #expect(node.term == 5)
    }

    @Test func `a late answer to a pre-vote is no vote`() throws {
        var node = RaftNode.one(of: 5) { $0.preVote = true }
        node.campaign()
        _ = node.work()
        for id in [2, 3] as [RaftID] { try node.step(Message(.preVoteResponse, to: 1, from: id, term: 1)) }
        _ = node.work()
        #expect(node.role == .candidate)
        for id in [4, 5] as [RaftID] { try node.step(Message(.preVoteResponse, to: 1, from: id, term: 1)) }
        #expect(node.role == .candidate)
    }

    @Test func `a pre-vote of an older term is refused aloud`() throws {
        var node = RaftNode.one(of: 3, state: HardState(term: 4))
        let answers = try node.answers(to: Message(.preVote, to: 1, from: 2, term: 2))
        #expect(answers.map(\.kind) == [.preVoteResponse])
        #expect(answers.map(\.reject) == [true])
        #expect(answers.map(\.term) == [4])
    }

    /// A group that is being changed to ask first: 3 does not yet, has the latest term and the shortest log.
    private func migratingGroup() throws -> Network {
        let logs = (1...3).map { _ in StableLog.of(terms: []) }
        var network = Network(logs: logs) { $0.preVote = $0.id != 3 }
        network.elect(1)
        network.isolate(3)
        try network.propose("some", at: 1)
        network.elect(3)
        network.elect(3)
        #expect(network[3].node.role == .candidate)
        #expect(network[3].node.term == 3)
        return network
    }

    @Test func `a group in which some ask first and some do not finds a leader`() throws {
        var network = try self.migratingGroup()
        // 3 is started anew, and asks first from now on.
        network.add(3, log: network[3].node.log) { $0.preVote = true }
        network.heal()
        network.isolate(1)
        for _ in 0..<2 {
            network.elect(3)
            network.elect(2)
        }
        #expect(network.leaders.contains(2))
    }

    @Test func `a member with a later term that nobody knows is freed by its peers`() throws {
        var network = try self.migratingGroup()
        network.add(3, log: network[3].node.log) { $0.preVote = true }
        network.heal()
        network.elect(3)
        network.elect(3)
        // The leader learns of the term from the answer to its next heartbeat.
        network.tick(1, 1)
        #expect(network[1].node.role == .follower)
        #expect(network[1].node.term == network[3].node.term)
        network.elect(1)
        #expect(network.leaders == [1])
    }

    @Test func `with pre-vote and check-quorum the rest elects a leader when the old one is gone`() {
        var network = Network(3) {
            $0.preVote = true
            $0.checkQuorum = true
        }
        network.elect(1)
        network.isolate(1)
        network.tick(45, 2, 3)
        #expect(network.ids.filter { network[$0].node.role == .leader && $0 != 1 }.count == 1)
    }
}
