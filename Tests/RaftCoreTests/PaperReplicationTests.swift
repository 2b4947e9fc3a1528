import RaftCore
import Testing

/// The claims about the log in "In Search of an Understandable Consensus Algorithm", one by one.
@Suite struct PaperReplicationTests {
    /// A leader of three whose first entry is committed and known to be.
    private func settledLeader() throws -> RaftNode {
        var node = RaftNode.one(of: 3)
        _ = try node.win()
        _ = try node.acknowledge(from: 2, 3)
        return node
    }

    // MARK: Replication (5.3)

    @Test func `a leader appends what is proposed and sends it to everybody`() throws {
        var node = try self.settledLeader()
        try node.propose(Array("some".utf8))
        let sent = node.work()
        let entry = Entry(term: 1, index: 2, payload: .normal(Array("some".utf8)))
        #expect(node.lastIndex == 2)
        #expect(node.commitIndex == 1)
        #expect(sent.map(\.to) == [2, 3])
        for message in sent {
            #expect(message.kind == .append)
            #expect(message.entries == [entry])
            #expect((message.index, message.logTerm, message.commit) == (1, 1, 1))
        }
    }

    @Test func `an entry is committed once a majority holds it, applied, and told to the others`() throws {
        var node = try self.settledLeader()
        try node.propose(Array("some".utf8))
        _ = node.work()
        try node.step(Message(.appendResponse, to: 1, from: 2, term: 1, index: 2))
        #expect(node.commitIndex == 2)
        let ready = node.ready()
        #expect(ready.committedEntries.map(\.index) == [2])
        #expect(ready.messages.map(\.commit).allSatisfy { $0 == 2 })
        #expect(ready.messages.map(\.to).contains(3))
    }

    @Test(
        arguments: [
            (1, [], true), (3, [], false), (3, [2], true), (3, [2, 3], true), (5, [], false), (5, [2], false),
            (5, [2, 3], true), (5, [2, 3, 4], true), (5, [2, 3, 4, 5], true),
        ] as [(Int, [RaftID], Bool)]
    )
    func `a majority commits, the leader counted`(size: Int, holders: [RaftID], isCommitted: Bool) throws {
        var node = RaftNode.one(of: size)
        _ = try node.win()
        for holder in [2, 3, 4, 5].prefix(size - 1) as ArraySlice<RaftID> {
            try node.step(Message(.appendResponse, to: 1, from: holder, term: 1, index: 1))
        }
        _ = node.work()
        try node.propose([1])
        _ = node.work()
        for holder in holders {
            try node.step(Message(.appendResponse, to: 1, from: holder, term: 1, index: 2))
        }
        #expect(node.commitIndex == (isCommitted ? 2 : 1))
    }

    @Test(arguments: [[], [2], [1, 2], [1]] as [[UInt64]])
    func `with its own entry a leader commits those of the terms before`(terms: [UInt64]) throws {
        var node = RaftNode.one(of: 3, terms: terms, state: HardState(term: 2))
        _ = try node.win()
        _ = try node.acknowledge(from: 2)
        #expect(node.commitIndex == UInt64(terms.count) + 1)
        #expect(node.log.terms == terms + [3])
        #expect(node.status.applied == node.commitIndex)
    }

    @Test func `a follower applies what it learns to be committed, in order`() throws {
        for commit in 1...3 as ClosedRange<UInt64> {
            var node = RaftNode.one(of: 3)
            let entries = StableLog.entries([1, 1, 1])
            try node.step(Message(.append, to: 1, from: 2, term: 1, entries: entries, commit: commit))
            let ready = node.ready()
            #expect(ready.committedEntries.map(\.index) == Array(1...commit))
        }
    }

    @Test(
        arguments: [
            // The term and index before the new entries, and the refusal's hint.
            (0, 0, nil), (1, 1, nil), (2, 2, nil), (1, 2, 1), (4, 3, 2), (3, 3, 2),
        ] as [(UInt64, UInt64, UInt64?)]
    )
    func `a follower refuses entries whose predecessor it does not hold`(
        term: UInt64,
        index: UInt64,
        hint: UInt64?
    ) throws {
        var node = RaftNode.one(of: 3, terms: [1, 2], state: HardState(term: 2, commit: 1))
        let append = Message(.append, to: 1, from: 2, term: 5, logTerm: term, index: index)
        let answer = try #require(try node.answers(to: append).first)
        #expect(answer.kind == .appendResponse)
        #expect(answer.reject == (hint != nil))
        #expect(answer.rejectHint == hint ?? 0)
        // What comes before the commit index is not compared: it is the same in all logs.
        #expect(answer.index == (hint != nil ? index : max(index, 1)))
    }

    @Test(
        arguments: [
            // The entry before, the new entries' terms, and the follower's terms afterwards; it had 1 and 2.
            (2, 2, [3], [1, 2, 3]), (1, 1, [3, 4], [1, 3, 4]), (0, 0, [1], [1, 2]), (0, 0, [3], [3]),
            (1, 1, [2], [1, 2]), (0, 0, [1, 2], [1, 2]),
        ] as [(UInt64, UInt64, [UInt64], [UInt64])]
    )
    func `a follower cuts off what contradicts the leader, and nothing else`(
        term: UInt64,
        index: UInt64,
        new: [UInt64],
        after: [UInt64]
    ) throws {
        var node = RaftNode.one(of: 3, terms: [1, 2], state: HardState(term: 2))
        let entries = StableLog.entries(new, after: index)
        let append = Message(.append, to: 1, from: 2, term: 4, logTerm: term, index: index, entries: entries)
        _ = try node.answers(to: append)
        #expect(node.log.terms == after)
    }

    @Test(
        arguments: [
            // The followers of figure 7: short, long, with a wrong tail, with several.
            [1, 1, 1, 4, 4, 5, 5, 6, 6], [1, 1, 1, 4], [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
            [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], [1, 1, 1, 4, 4, 4, 4], [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
        ] as [[UInt64]]
    )
    func `a leader makes every log its own`(follower: [UInt64]) throws {
        let leader: [UInt64] = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]
        var network = Network(logs: [
            .of(terms: leader, state: HardState(term: 8)),
            .of(terms: follower, state: HardState(term: 7)),
            .of(terms: [], state: HardState(term: 8)),
        ])
        // The third one has no log, so that its vote is sure.
        network.elect(1)
        try network.propose("x", at: 1)
        #expect(network[1].node.role == .leader)
        for id in network.ids { #expect(network[id].node.log.terms == leader + [9, 9]) }
        #expect(network.ids.allSatisfy { network[$0].node.commitIndex == 12 })
    }

    // MARK: Commitment (5.4.2)

    @Test func `an entry of an earlier term is not committed by counting`() throws {
        var node = RaftNode.one(of: 3, terms: [1, 2], state: HardState(term: 2))
        _ = try node.win()
        try node.step(Message(.appendResponse, to: 1, from: 2, term: 3, index: 1))
        #expect(node.commitIndex == 0)
        try node.step(Message(.appendResponse, to: 1, from: 2, term: 3, index: 2))
        #expect(node.commitIndex == 0)
        try node.step(Message(.appendResponse, to: 1, from: 2, term: 3, index: 3))
        #expect(node.commitIndex == 3)
    }

    @Test func `what is committed is never taken back`() throws {
        var network = Network(3)
        network.elect(1)
        try network.propose("kept", at: 1)
        network.isolate(1)
        try network.propose("lost", at: 1)
        network.elect(2)
        try network.propose("new", at: 2)
        network.heal()
        network.tick(2, 2)
        for id in network.ids { #expect(network.texts(id) == ["kept", "new"]) }
    }
}
