import RaftCore
import Testing

@Suite struct FlowControlTests {
    /// A leader of two to whose follower everything may be sent.
    private func leader(configure: (inout RaftConfiguration) -> Void) throws -> RaftNode {
        var node = RaftNode.one(of: 2, configure: configure)
        _ = try node.win()
        _ = try node.acknowledge(from: 2)
        return node
    }

    private func peer(_ node: RaftNode) throws -> RaftStatus.Peer {
        try #require(node.status.peers.first { $0.id == 2 })
    }

    @Test func `messages carry no more bytes than they may`() throws {
        var node = try self.leader { $0.maxSizePerMessage = 2048 }
        node.reportUnreachable(2)
        for _ in 0..<10 { try node.propose([UInt8](repeating: 0, count: 1000)) }
        _ = node.work()
        _ = try node.answers(to: Message(.heartbeatResponse, to: 1, from: 2, term: 1))
        let sent = try node.answers(to: Message(.appendResponse, to: 1, from: 2, term: 1, index: 1))
        #expect(sent.filter { !$0.entries.isEmpty }.map(\.entries.count) == [2, 2, 2, 2, 2])
    }

    @Test func `while it probes, a leader sends one message per heartbeat`() throws {
        var node = try self.leader { _ in }
        node.reportUnreachable(2)
        var sent = 0
        for _ in 0..<3 {
            try node.propose([1])
            sent += node.work().count
        }
        #expect(sent == 1)
        #expect(try self.peer(node).isPaused)
        let next = try node.answers(to: Message(.heartbeatResponse, to: 1, from: 2, term: 1))
        #expect(next.map(\.kind) == [.append])
        _ = try node.answers(to: Message(.appendResponse, to: 1, from: 2, term: 1, index: 4))
        #expect(try self.peer(node).state == .replicate)
    }

    @Test func `a full window stops entries, but not the empty message that a heartbeat causes`() throws {
        var node = try self.leader { $0.maxInflightMessages = 3 }
        for _ in 0..<5 { try node.propose([1]) }
        #expect(node.work().filter { !$0.entries.isEmpty }.count == 3)
        #expect(try self.peer(node).isInflightFull)
        let sent = try node.answers(to: Message(.heartbeatResponse, to: 1, from: 2, term: 1))
        #expect(sent.map(\.kind) == [.append])
        #expect(sent.map(\.entries.count) == [0])
    }

    @Test func `acknowledgements move the window forward`() throws {
        var node = try self.leader { $0.maxInflightMessages = 3 }
        for _ in 0..<6 { try node.propose([1]) }
        _ = node.work()
        // The second one's answer frees the first one too.
        let sent = try node.answers(to: Message(.appendResponse, to: 1, from: 2, term: 1, index: 3))
        #expect(sent.flatMap(\.entries).map(\.index) == [5, 6, 7])
        let late = try node.answers(to: Message(.appendResponse, to: 1, from: 2, term: 1, index: 2))
        #expect(late.isEmpty)
    }

    @Test func `bytes on their way are limited too`() throws {
        var node = try self.leader {
            $0.maxSizePerMessage = 100
            $0.maxInflightBytes = 100
        }
        for _ in 0..<5 { try node.propose([UInt8](repeating: 0, count: 60)) }
        #expect(node.work().filter { !$0.entries.isEmpty }.count == 2, "the one that reaches the limit goes")
    }

    @Test func `proposals beyond the limit of uncommitted bytes are dropped until some are committed`() throws
    {
        var node = try self.leader { $0.maxUncommittedBytes = 16 }
        for _ in 0..<4 { try node.propose([1, 2, 3, 4]) }
        #expect(throws: RaftError.proposalDropped(.uncommittedLimit(bytes: 16))) { try node.propose([5]) }
        #expect(throws: RaftError.self) { try node.propose(batch: [[1], [2]]) }
        _ = try node.acknowledge(from: 2)
        try node.propose([UInt8](repeating: 0, count: 1024))
        // What has no payload passes.
        try node.propose([])
        #expect(node.lastIndex == 7)
    }

    @Test func `a batch is appended next to each other or not at all`() throws {
        var node = try self.leader { _ in }
        try node.propose(batch: [[1], [2], [3]])
        let sent = node.work()
        #expect(sent.map(\.entries.count) == [3])
        #expect(node.log.entries(from: 2, to: 5).map(\.payload) == [[1], [2], [3]].map { .normal($0) })
    }

    @Test func `committed entries are handed out in portions`() throws {
        var node = RaftNode.one(of: 2) { $0.maxCommittedSizePerReady = 60 }
        let entries = (1...10).map {
            Entry(term: 1, index: $0, payload: .normal([UInt8](repeating: 0, count: 20)))
        }
        try node.step(Message(.append, to: 1, from: 2, term: 1, entries: entries, commit: 10))
        var portions: [Int] = []
        while node.hasReady {
            let ready = node.ready()
            node.persisted(ready)
            portions.append(ready.committedEntries.count)
            node.advance()
        }
        #expect(portions == [2, 2, 2, 2, 2])
    }

    @Test func `a leader without followers grows only as far as its limit`() throws {
        var node = try self.leader { $0.maxUncommittedBytes = 100 }
        for _ in 0..<1000 { try? node.propose([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) }
        _ = node.work()
        #expect(node.lastIndex == 11)
    }

    @Test func `a follower passes proposals on, unless it shall not`() throws {
        for isForwarding in [true, false] {
            var network = Network(3) { $0.disableProposalForwarding = !isForwarding }
            network.elect(1)
            if isForwarding {
                try network.propose("some", at: 2)
                #expect(network.texts(1) == ["some"])
            } else {
                #expect(throws: RaftError.proposalDropped(.forwardingDisabled(leader: 1))) {
                    try network[2].node.propose([1])
                }
            }
        }
    }

    @Test func `a wrong tail costs one message per term, not per entry`() throws {
        let leader = [1, 3, 3, 3, 5, 5, 5, 5, 5] as [UInt64]
        let follower = [1, 1, 1, 1, 2, 2] as [UInt64]
        #expect(try self.refusals(leader: leader, follower: follower) == 1)
        let other = [1, 3, 3, 3, 3, 3, 3, 3, 7] as [UInt64]
        let tail = [1, 3, 3, 4, 4, 5, 5, 5, 6] as [UInt64]
        #expect(try self.refusals(leader: other, follower: tail) == 2)
    }

    /// How often a follower refuses before the logs are equal.
    private func refusals(leader: [UInt64], follower: [UInt64]) throws -> Int {
        var network = Network(logs: [
            .of(terms: leader, state: HardState(term: 7)), .of(terms: follower, state: HardState(term: 7)),
            .of(terms: [], state: HardState(term: 7)),
        ])
        network.elect(1)
        try network.propose("x", at: 1)
        #expect(network[2].node.log.terms == network[1].node.log.terms)
        return network.sent.count { $0.kind == .appendResponse && $0.from == 2 && $0.reject }
    }
}
