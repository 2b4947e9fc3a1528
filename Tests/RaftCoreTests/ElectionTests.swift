import RaftCore
import Testing

@Suite struct ElectionTests {
    @Test(arguments: [false, true])
    func `each member of a group can lead in its turn`(preVote: Bool) {
        var network = Network(3) { $0.preVote = preVote }
        for (round, id) in network.ids.enumerated() {
            network.elect(id)
            #expect(network.leaders == [id])
            #expect(network.ids.allSatisfy { network[$0].node.term == UInt64(round) + 1 })
            #expect(network.ids.allSatisfy { network[$0].node.leader == id })
        }
    }

    @Test(
        arguments: [
            // The size of the group, who is cut off, and whether 1 is elected.
            (1, [], true), (3, [], true), (3, [3], true), (3, [2, 3], false), (4, [2, 3], false),
            (5, [2, 3], true),
            (5, [2, 3, 4], false),
        ] as [(Int, [RaftID], Bool)]
    )
    func `only who reaches a majority is elected`(size: Int, away: [RaftID], isElected: Bool) {
        for preVote in [false, true] {
            var network = Network(size) { $0.preVote = preVote }
            for id in away { network.isolate(id) }
            network.elect(1)
            #expect(network.leaders == (isElected ? [1] : []))
            // Asking first spares the group a term in vain.
            let term: UInt64 = isElected || !preVote ? 1 : 0
            #expect(network[1].node.term == term)
        }
    }

    @Test func `the own vote counts only once it is durable`() throws {
        var node = RaftNode.one(of: 1)
        node.campaign()
        #expect(node.role == .candidate)
        let ready = node.ready()
        #expect(ready.hardState == HardState(term: 1, vote: 1))
        #expect(ready.mustSync)
        node.persisted(ready)
        #expect(node.role == .candidate)
        node.advance()
        #expect(node.role == .leader)
    }

    @Test(arguments: [1, 2, 3])
    func `a late own vote does no harm, whatever the member became meanwhile`(outcome: Int) throws {
        var node = RaftNode.one(of: 3)
        node.campaign()
        let ready = node.ready()
        node.persisted(ready)
        let others = [2, 3] as [RaftID]
        switch outcome {
        case 1:
            for id in others { try node.step(Message(.voteResponse, to: 1, from: id, term: 1)) }
        case 2:
            for id in others { try node.step(Message(.voteResponse, to: 1, from: id, term: 1, reject: true)) }
        default: try node.step(Message(.heartbeat, to: 1, from: 2, term: 2))
        }
        let role = node.role
        node.advance()
        #expect(node.role == role)
        #expect(role == (outcome == 1 ? .leader : .follower))
    }

    @Test func `duelling candidates: the one with the shorter log lets the other win`() throws {
        var network = Network(3)
        network.cut(1, 3)
        network.elect(1)
        // 2 has voted for 1, so 3 stands alone.
        network.elect(3)
        #expect(network[1].node.role == .leader)
        #expect(network[3].node.role == .candidate)
        network.heal()
        network.elect(3)
        // Its log is shorter: it disturbs the leader, but does not win.
        #expect(network.leaders.isEmpty)
        #expect(network[3].node.role == .follower)
        network.elect(1)
        #expect(network.leaders == [1])
    }

    @Test func `duelling pre-candidates disturb nobody`() {
        var network = Network(3) { $0.preVote = true }
        network.cut(1, 3)
        network.elect(1)
        network.elect(3)
        #expect(network[3].node.role == .follower)
        network.heal()
        network.elect(3)
        #expect(network.leaders == [1])
        #expect(network.ids.allSatisfy { network[$0].node.term == 1 })
    }

    @Test func `a candidate that was alone for long gives way to a leader`() throws {
        var network = Network(3)
        network.isolate(1)
        network.elect(1)
        network.elect(3)
        network.heal()
        network.tick(1, 3)
        try network.propose("some", at: 3)
        #expect(network.leaders == [3])
        #expect(network.texts(1) == ["some"])
    }

    @Test func `a leader overwrites uncommitted entries of later terms than its log had`() {
        // 1 led term 1; 2 and 3 have an entry of term 2, which only they hold; the votes of 4 and 5 decide.
        var network = Network(logs: [
            .of(terms: [1], voters: 5, state: HardState(term: 1)),
            .of(terms: [1], voters: 5, state: HardState(term: 1)),
            .of(terms: [2], voters: 5, state: HardState(term: 2, vote: 3)),
            .of(terms: [], voters: 5, state: HardState(term: 2, vote: 3)),
            .of(terms: [], voters: 5, state: HardState(term: 2, vote: 3)),
        ])
        network.elect(1)
        // The first attempt meets votes that are given; the term of the answer helps the second one.
        #expect(network.leaders.isEmpty)
        #expect(network[1].node.term == 2)
        network.elect(1)
        #expect(network.leaders == [1])
        for id in network.ids { #expect(network[id].node.log.terms == [1, 3]) }
    }

    @Test(arguments: [Role.follower, .preCandidate, .candidate, .leader])
    func `in any role a member votes in a newer term`(role: Role) throws {
        var node = RaftNode.one(of: 3, state: HardState(term: 1)) { $0.preVote = role == .preCandidate }
        switch role {
        case .follower: break
        case .preCandidate, .candidate: node.campaign()
        case .leader: _ = try node.win()
        }
        _ = node.work()
        #expect(node.role == role)
        let last = node.log.term(at: node.lastIndex) ?? 0
        let request = Message(
            .vote,
            to: 1,
            from: 2,
            term: node.term + 1,
            logTerm: last,
            index: node.lastIndex
        )
        let answers = try node.answers(to: request)
        #expect(answers.map(\.kind) == [.voteResponse])
        #expect(answers.map(\.reject) == [false])
        #expect(node.log.hardState.vote == 2)
        #expect(node.role == .follower)
    }

    @Test func `a learner does not stand, but votes when it is asked`() throws {
        let group = ConfigurationState(voters: [1], learners: [2])
        var node = RaftNode(
            RaftConfiguration(id: 2),
            log: StableLog(snapshot: Snapshot(configuration: group))
        )
        for _ in 0..<40 { node.tick() }
        #expect(node.role == .follower)
        #expect(node.term == 0)
        let answers = try node.answers(to: Message(.vote, to: 2, from: 1, term: 1, logTerm: 11, index: 11))
        #expect(answers.map(\.reject) == [false])
    }

    @Test func `a vote that was lost with its candidate can be repeated`() throws {
        var node = RaftNode.one(of: 3)
        let request = Message(.vote, to: 1, from: 2, term: 1)
        #expect(try node.answers(to: request).map(\.reject) == [false])
        #expect(try node.answers(to: request).map(\.reject) == [false])
    }

    @Test func `events tell the story of an election`() throws {
        var network = Network(2) { $0.preVote = true }
        network.elect(1)
        #expect(
            network[1].node.takeEvents() == [
                .electionStarted(term: 0, reason: .request), .becamePreCandidate(term: 0),
                .voteReceived(from: 1, term: 0, isPreVote: true, granted: true),
                .voteReceived(from: 2, term: 0, isPreVote: true, granted: true), .becameCandidate(term: 1),
                .voteReceived(from: 1, term: 1, isPreVote: false, granted: true),
                .voteReceived(from: 2, term: 1, isPreVote: false, granted: true), .becameLeader(term: 1),
            ]
        )
        #expect(
            network[2].node.takeEvents() == [
                .voteGranted(to: 1, term: 1, isPreVote: true), .becameFollower(term: 1, leader: .none),
                .voteGranted(to: 1, term: 1, isPreVote: false), .followsLeader(term: 1, leader: 1),
            ]
        )
    }
}
