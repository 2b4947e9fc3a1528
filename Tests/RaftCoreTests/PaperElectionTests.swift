import RaftCore
import Testing

/// The claims about terms and elections in "In Search of an Understandable Consensus Algorithm", one by one.
@Suite struct PaperElectionTests {
    // MARK: Terms (5.1)

    @Test(arguments: [Role.follower, .candidate, .leader])
    func `whoever sees a newer term adopts it and follows`(role: Role) throws {
        var node = RaftNode.one(of: 3)
        if role == .candidate { node.campaign() }
        if role == .leader { _ = try node.win() }
        try node.step(Message(.append, to: 1, from: 2, term: 7))
        #expect(node.term == 7)
        #expect(node.role == .follower)
        #expect(node.leader == 2)
    }

    @Test func `a message of an older term is not acted upon`() throws {
        var node = RaftNode.one(of: 3, state: HardState(term: 2))
        let append = Message(.append, to: 1, from: 2, term: 1, entries: StableLog.entries([1]))
        #expect(try node.answers(to: append).isEmpty)
        #expect(node.lastIndex == 0)
        #expect(node.leader == .none)
    }

    // MARK: Elections (5.2)

    @Test func `a member begins as a follower`() {
        #expect(RaftNode.one(of: 3).role == .follower)
    }

    @Test func `a leader sends heartbeats at regular times`() throws {
        var node = RaftNode.one(of: 3) { $0.heartbeatTick = 2 }
        _ = try node.win()
        node.tick()
        #expect(node.work().isEmpty)
        node.tick()
        let beats = node.work()
        #expect(beats.map(\.kind) == [.heartbeat, .heartbeat])
        #expect(beats.map(\.to) == [2, 3])
    }

    @Test(arguments: [Role.follower, .candidate])
    func `without a leader an election begins: new term, own vote, requests to all`(role: Role) {
        var node = RaftNode.one(of: 3, state: HardState(term: 1))
        if role == .candidate { node.campaign() }
        _ = node.work()
        let term = node.term
        for _ in 0..<2 * node.electionTick where node.term == term { node.tick() }
        let requests = node.work()
        #expect(node.term == term + 1)
        #expect(node.role == .candidate)
        #expect(node.log.hardState.vote == 1)
        #expect(requests.map(\.kind) == [.vote, .vote])
        #expect(requests.map(\.to) == [2, 3])
        #expect(requests.allSatisfy { $0.term == term + 1 })
    }

    @Test(arguments: [
        // The size of the group, who grants, who refuses, and what comes of it.
        (1, 0, 0, Role.leader), (3, 1, 1, .leader), (3, 2, 0, .leader), (5, 2, 0, .leader),
        (5, 3, 1, .leader),
        (3, 0, 2, .follower), (5, 0, 3, .follower), (5, 1, 3, .follower),
        (3, 0, 0, .candidate), (5, 1, 0, .candidate), (5, 1, 2, .candidate), (5, 0, 2, .candidate),
    ])
    func `a candidate wins, loses or waits as the votes say`(
        size: Int,
        granted: Int,
        refused: Int,
        role: Role
    ) throws {
        var node = RaftNode.one(of: size)
        node.campaign()
        _ = node.work()
        for place in 0..<granted + refused {
            let id = RaftID(rawValue: UInt64(place) + 2)
            let answer = Message(.voteResponse, to: 1, from: id, term: 1, reject: place >= granted)
            try node.step(answer)
        }
        #expect(node.role == role)
        #expect(node.term == 1)
    }

    @Test func `a member votes once per term, for the first who asks`() throws {
        for (vote, candidate, isGranted) in [
            (0, 2, true), (0, 3, true), (2, 2, true), (3, 3, true), (2, 3, false), (3, 2, false),
        ] as [(RaftID, RaftID, Bool)] {
            var node = RaftNode.one(of: 3, state: HardState(term: 1, vote: vote))
            let answers = try node.answers(to: Message(.vote, to: 1, from: candidate, term: 1))
            #expect(answers.map(\.kind) == [.voteResponse])
            #expect(answers.map(\.reject) == [!isGranted], "\(vote) was voted for, \(candidate) asks")
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `a candidate that hears from a leader of its term or a newer one follows`(term: UInt64) throws {
        var node = RaftNode.one(of: 3)
        node.campaign()
        _ = node.work()
        try node.step(Message(.append, to: 1, from: 2, term: term))
        #expect(node.role == .follower)
        #expect(node.leader == 2)
        #expect(node.term == term)
    }

    // MARK: Chance (5.2)

    @Test(arguments: [Role.follower, .candidate])
    func `election timeouts are spread between one and two election ticks`(role: Role) {
        var seen: Set<Int> = []
        for seed in 0..<400 as Range<UInt64> {
            var node = RaftNode.one(of: 3) { $0.seed = seed }
            if role == .candidate { node.campaign() }
            let term = node.term
            var ticks = 0
            while node.term == term {
                node.tick()
                ticks += 1
            }
            seen.insert(ticks)
        }
        #expect(seen == Set(10..<20))
    }

    @Test(arguments: [Role.follower, .candidate])
    func `two members seldom stand at the same time`(role: Role) {
        var conflicts = 0
        let rounds = 500
        for seed in 0..<UInt64(rounds) {
            var network = Network(5) { $0.seed = seed }
            if role == .candidate { for id in network.ids { network[id].node.campaign() } }
            let terms = network.ids.map { network[$0].node.term }
            var standing = 0
            while standing == 0 {
                for id in network.ids { network[id].node.tick() }
                standing = zip(network.ids, terms).count { network[$0].node.term != $1 }
            }
            if standing > 1 { conflicts += 1 }
        }
        // Of five members with ten timeouts to draw from, the two first ones meet in about a quarter of the
        // cases.
        #expect(Double(conflicts) / Double(rounds) < 0.35)
    }

    // MARK: Whom to vote for (5.4.1)

    @Test func `a vote request tells the term and the end of the candidate's log`() throws {
        for terms in [[1], [1, 2], [1, 1, 3]] as [[UInt64]] {
            var node = RaftNode.one(of: 3, terms: terms, state: HardState(term: 4))
            node.campaign()
            let requests = node.work()
            #expect(requests.map(\.to) == [2, 3])
            for request in requests {
                #expect(request.kind == .vote)
                #expect(request.term == 5)
                #expect(request.index == UInt64(terms.count))
                #expect(request.logTerm == terms.last)
            }
        }
    }

    @Test(
        arguments: [
            // The voter's log, the candidate's last entry as term and index, and the vote.
            ([1], 1, 1, true), ([1], 1, 2, true), ([1, 1], 1, 1, false),
            ([1], 2, 1, true), ([1], 2, 2, true), ([1, 1], 2, 1, true),
            ([2], 1, 1, false), ([2], 1, 2, false), ([2, 1], 1, 1, false),
        ] as [([UInt64], UInt64, UInt64, Bool)]
    )
    func `nobody votes for a log that is less complete than its own`(
        terms: [UInt64],
        logTerm: UInt64,
        index: UInt64,
        isGranted: Bool
    ) throws {
        var node = RaftNode.one(of: 2, terms: terms, state: HardState(term: 2))
        let request = Message(.vote, to: 1, from: 2, term: 3, logTerm: logTerm, index: index)
        #expect(try node.answers(to: request).map(\.reject) == [!isGranted])
    }
}
