import RaftCore
import Testing

@Suite struct RaftNodeTests {
    @Test func `a node continues where its log and hard state end`() {
        let state = HardState(term: 3, vote: 2, commit: 2)
        var node = RaftNode.one(of: 3, terms: [1, 2, 3], state: state)
        #expect(node.term == 3)
        #expect(node.role == .follower)
        #expect(node.leader == .none)
        #expect(node.lastIndex == 3)
        let ready = node.ready()
        // What was committed is applied again; nothing is written again.
        #expect(ready.committedEntries.map(\.index) == [1, 2])
        #expect(ready.hardState == nil)
        #expect(ready.entries.isEmpty)
        #expect(!ready.mustSync)
    }

    @Test func `after a snapshot only what follows is applied`() {
        let group = ConfigurationState(voters: [1, 2])
        let log = StableLog(
            hardState: HardState(term: 1, commit: 3),
            snapshot: Snapshot(index: 2, term: 1, configuration: group),
            entries: [Entry(term: 1, index: 3)]
        )
        var configuration = RaftConfiguration(id: 1)
        configuration.applied = 2
        var node = RaftNode(configuration, log: log)
        #expect(node.status.configuration == group)
        #expect(node.ready().committedEntries.map(\.index) == [3])
    }

    @Test func `entries that are kept before the snapshot are not applied again`() {
        let group = ConfigurationState(voters: [1, 2])
        let log = StableLog(
            hardState: HardState(term: 1, commit: 4),
            snapshot: Snapshot(index: 3, term: 1, configuration: group),
            base: EntryPosition(term: 1, index: 1),
            entries: StableLog.entries([1, 1, 1], after: 1)
        )
        var configuration = RaftConfiguration(id: 1)
        configuration.applied = 3
        var node = RaftNode(configuration, log: log)
        #expect(node.ready().committedEntries.map(\.index) == [4])
    }

    @Test func `what is applied and what the snapshot covers is committed, whatever the hard state says`() {
        let group = ConfigurationState(voters: [1, 2])
        let log = StableLog(
            hardState: HardState(term: 1, commit: 1),
            snapshot: Snapshot(index: 2, term: 1, configuration: group),
            entries: StableLog.entries([1, 1], after: 2)
        )
        var configuration = RaftConfiguration(id: 1)
        #expect(RaftNode(configuration, log: log).commitIndex == 2)
        configuration.applied = 3
        #expect(RaftNode(configuration, log: log).commitIndex == 3)
    }

    @Test func `a quiet node has nothing to do`() {
        var node = RaftNode.one(of: 3)
        #expect(!node.hasReady)
        node.tick()
        #expect(!node.hasReady)
        node.campaign()
        #expect(node.hasReady)
        _ = node.work()
        #expect(!node.hasReady)
    }

    @Test func `a leader may send while it writes, a follower may not answer`() throws {
        var leader = RaftNode.one(of: 2)
        _ = try leader.win()
        _ = try leader.acknowledge(from: 2)
        try leader.propose([1])
        let ready = leader.ready()
        #expect(ready.messages.map(\.kind) == [.append])
        #expect(ready.messagesAfterPersisting.isEmpty)
        var follower = RaftNode.one(of: 2)
        try follower.step(Message(.append, to: 1, from: 2, term: 1, entries: StableLog.entries([1])))
        let other = follower.ready()
        #expect(other.messages.isEmpty)
        #expect(other.messagesAfterPersisting.map(\.kind) == [.appendResponse])
        #expect(other.mustSync)
    }

    @Test func `a commit index alone need not reach the disk`() throws {
        var node = RaftNode.one(of: 2)
        let append = Message(.append, to: 1, from: 2, term: 1, entries: StableLog.entries([1]))
        _ = try node.answers(to: append)
        try node.step(Message(.heartbeat, to: 1, from: 2, term: 1, commit: 1))
        let ready = node.ready()
        #expect(ready.hardState?.commit == 1)
        #expect(!ready.mustSync)
    }

    @Test func `what arrives between ready and advance is not lost`() throws {
        var node = RaftNode.one(of: 2)
        let first = Message(.append, to: 1, from: 2, term: 1, entries: StableLog.entries([1]))
        try node.step(first)
        let ready = node.ready()
        let second = Message(
            .append,
            to: 1,
            from: 2,
            term: 1,
            logTerm: 1,
            index: 1,
            entries: StableLog.entries([1], after: 1)
        )
        try node.step(second)
        node.persisted(ready)
        node.advance()
        let next = node.ready()
        #expect(next.entries.map(\.index) == [2])
        #expect(next.messagesAfterPersisting.map(\.index) == [2])
    }

    @Test func `the same inputs give the same outputs`() throws {
        func run() throws -> [Message] {
            var network = Network(5) { $0.checkQuorum = true }
            network.tick(25)
            network.isolate(network.leaders.first ?? 1)
            network.tick(60)
            network.heal()
            network.tick(20)
            return network.sent
        }
        let first = try run()
        #expect(first.count > 100)
        #expect(try run() == first)
    }

    // MARK: Peers' mistakes

    @Test(arguments: Message.Kind.allCases.filter(\.isLocal))
    func `what members only tell themselves is refused from the network`(kind: Message.Kind) {
        var node = RaftNode.one(of: 3)
        #expect(throws: RaftError.localMessage(kind)) {
            try node.step(Message(kind, to: 1, from: 2, term: 1))
        }
    }

    @Test func `answers of strangers are refused`() {
        var node = RaftNode.one(of: 3)
        for kind in Message.Kind.allCases where kind.isResponse && !kind.isLocal {
            #expect(throws: RaftError.unknownPeer(9)) {
                try node.step(Message(kind, to: 1, from: 9, term: 1))
            }
        }
    }

    @Test func `a message without a term is refused where it must have one`() {
        var node = RaftNode.one(of: 3)
        for kind in [.append, .vote, .heartbeat, .snapshot, .timeoutNow, .appendResponse] as [Message.Kind] {
            #expect(throws: RaftError.self) { try node.step(Message(kind, to: 1, from: 2)) }
        }
    }

    @Test(
        arguments: [
            // Gaps, terms that fall, and terms that have not begun.
            [Entry(term: 1, index: 2)], [Entry(term: 1, index: 1), Entry(term: 1, index: 3)],
            [Entry(term: 2, index: 1), Entry(term: 1, index: 2)], [Entry(term: 3, index: 1)],
        ] as [[Entry]]
    )
    func `entries that can't follow one another are refused`(entries: [Entry]) {
        var node = RaftNode.one(of: 3)
        #expect(throws: RaftError.self) {
            try node.step(Message(.append, to: 1, from: 2, term: 2, entries: entries))
        }
        #expect(node.lastIndex == 0)
    }

    @Test func `a leader that contradicts what is committed is an error`() throws {
        var node = RaftNode.one(of: 3, terms: [1, 1], state: HardState(term: 1, commit: 2))
        let append = Message(.append, to: 1, from: 2, term: 2, entries: StableLog.entries([2]))
        #expect(throws: RaftError.conflictWithCommitted(index: 1, committed: 2)) { try node.step(append) }
        // A late message of what is committed is answered with the commit index.
        let late = Message(.append, to: 1, from: 2, term: 2, entries: StableLog.entries([1]))
        #expect(try node.answers(to: late).map(\.index) == [2])
        #expect(node.log.terms == [1, 1])
    }

    @Test func `a leader that believes in entries which we lack is an error`() {
        var node = RaftNode.one(of: 3)
        #expect(throws: RaftError.commitBeyondLog(commit: 5, lastIndex: 0)) {
            try node.step(Message(.heartbeat, to: 1, from: 2, term: 1, commit: 5))
        }
    }

    @Test func `an acknowledgement of what was never sent is an error`() throws {
        var node = RaftNode.one(of: 3)
        _ = try node.win()
        #expect(throws: RaftError.self) {
            try node.step(Message(.appendResponse, to: 1, from: 2, term: 1, index: 9))
        }
        #expect(node.commitIndex == 0)
    }

    @Test func `a second leader of the same term is not heard`() throws {
        var node = RaftNode.one(of: 3)
        _ = try node.win()
        #expect(try node.answers(to: Message(.heartbeat, to: 1, from: 2, term: 1)).isEmpty)
        #expect(node.role == .leader)
    }

    @Test func `of very many events the newest are kept`() {
        var node = RaftNode.one(of: 3)
        for _ in 0..<500 { node.campaign() }
        let events = node.takeEvents()
        #expect(events.count <= 256)
        #expect(events.last == .becameCandidate(term: 500))
        #expect(node.takeEvents().isEmpty)
    }
}
