import RaftCore
import Testing

@Suite struct SnapshotTests {
    private let group = ConfigurationState(voters: [1, 2, 3])

    /// A leader of three that holds entries after a snapshot at 11.
    private func leader() throws -> RaftNode {
        let log = StableLog(
            hardState: HardState(term: 11, commit: 11),
            snapshot: Snapshot(index: 11, term: 11, configuration: self.group)
        )
        var node = RaftNode(RaftConfiguration(id: 1), log: log)
        _ = try node.win()
        return node
    }

    private func status(_ node: RaftNode, of id: RaftID) throws -> RaftStatus.Peer {
        try #require(node.status.peers.first { $0.id == id })
    }

    /// A leader that has sent its snapshot to 2.
    private func sending() throws -> RaftNode {
        var node = try self.leader()
        let refusal = Message(.appendResponse, to: 1, from: 2, term: 12, index: 11, reject: true)
        let sent = try node.answers(to: refusal)
        #expect(sent.map(\.kind) == [.snapshot])
        #expect(sent.first?.snapshot?.index == 11)
        return node
    }

    @Test func `a member that lacks what is compacted gets the snapshot, and then nothing`() throws {
        var node = try self.sending()
        let peer = try self.status(node, of: 2)
        #expect(peer.state == .snapshot(pending: 11))
        #expect(peer.next == 12)
        try node.propose([1])
        #expect(!node.work().contains { $0.to == 2 })
    }

    @Test func `a member that is not heard of gets none`() throws {
        var node = try self.leader()
        #expect(try self.status(node, of: 3).isRecentlyActive == false)
        node.log.compact(through: 11)
        node.reportUnreachable(3)
        try node.propose([1])
        #expect(!node.work().contains { $0.kind == .snapshot })
    }

    @Test func `after success it is probed from there, once it answers`() throws {
        var node = try self.sending()
        node.reportSnapshot(2, ok: true)
        let peer = try self.status(node, of: 2)
        #expect(peer.state == .probe)
        #expect(peer.next == 12)
        #expect(peer.isPaused)
        #expect(node.work().isEmpty)
    }

    @Test func `after failure it is probed from before, after a heartbeat`() throws {
        var node = try self.sending()
        node.reportSnapshot(2, ok: false)
        let peer = try self.status(node, of: 2)
        #expect(peer.state == .probe)
        #expect(peer.next == 1)
        #expect(peer.isPaused)
        let sent = try node.answers(to: Message(.heartbeatResponse, to: 1, from: 2, term: 12))
        #expect(sent.map(\.kind) == [.snapshot], "the log does not reach back, so it is tried again")
    }

    @Test func `its own answer ends the wait, with this snapshot or another one`() throws {
        var node = try self.sending()
        let sent = try node.answers(to: Message(.appendResponse, to: 1, from: 2, term: 12, index: 11))
        #expect(try self.status(node, of: 2).state == .replicate)
        #expect(sent.first?.entries.map(\.index) == [12])
        var other = try self.sending()
        _ = try other.answers(to: Message(.appendResponse, to: 1, from: 2, term: 12, index: 9))
        #expect(try self.status(other, of: 2).state == .snapshot(pending: 11), "the log begins after 11")
    }

    @Test func `unreachable or not, the wait goes on`() throws {
        var node = try self.sending()
        node.reportUnreachable(2)
        #expect(try self.status(node, of: 2).state == .snapshot(pending: 11))
    }

    // MARK: At the follower

    private func follower() -> RaftNode { RaftNode.one(of: 2) }

    private func send(_ snapshot: Snapshot?, to node: inout RaftNode) throws -> Message? {
        try node.answers(to: Message(.snapshot, to: 1, from: 2, term: 12, snapshot: snapshot)).first
    }

    @Test func `a snapshot replaces the log and the group`() throws {
        var node = self.follower()
        let snapshot = Snapshot(index: 11, term: 11, configuration: self.group, data: [7])
        let message = Message(.snapshot, to: 1, from: 2, term: 12, snapshot: snapshot)
        try node.step(message)
        #expect(node.lastIndex == 11)
        #expect(node.commitIndex == 11)
        #expect(node.status.configuration == self.group)
        let ready = node.ready()
        #expect(ready.snapshot == snapshot)
        #expect(ready.committedEntries.isEmpty)
        #expect(ready.messagesAfterPersisting.map(\.index) == [11])
        // It may not stand for election before the snapshot is applied.
        node.campaign()
        #expect(node.role == .follower)
        node.persisted(ready)
        node.advance()
        #expect(node.status.applied == 11)
        #expect(node.log.snapshot == snapshot)
        node.campaign()
        #expect(node.role == .candidate)
    }

    @Test func `an old one is ignored and answered with the commit index`() throws {
        var node = self.follower()
        _ = try self.send(Snapshot(index: 11, term: 11, configuration: self.group), to: &node)
        let answer = try self.send(Snapshot(index: 5, term: 3, configuration: self.group), to: &node)
        #expect(answer?.index == 11)
        #expect(node.lastIndex == 11)
    }

    @Test func `one whose last entry is in the log only moves the commit index`() throws {
        var node = RaftNode.one(of: 2, terms: [1, 1, 1], state: HardState(term: 1, commit: 1))
        let answer = try self.send(Snapshot(index: 2, term: 1, configuration: self.group), to: &node)
        #expect(answer?.index == 2)
        #expect(node.commitIndex == 2)
        #expect(node.lastIndex == 3)
        #expect(node.log.snapshot.isEmpty)
    }

    @Test func `one of a group to which the member does not belong is ignored`() throws {
        var node = self.follower()
        let group = ConfigurationState(voters: [2, 3])
        let answer = try self.send(Snapshot(index: 11, term: 11, configuration: group), to: &node)
        #expect(answer?.index == 0)
        #expect(node.lastIndex == 0)
    }

    @Test func `one of an impossible group is an error and changes nothing`() throws {
        var node = self.follower()
        let group = ConfigurationState(voters: [1, 2], learners: [2])
        let message = Message(
            .snapshot,
            to: 1,
            from: 2,
            term: 12,
            snapshot: Snapshot(index: 11, term: 11, configuration: group)
        )
        #expect(throws: RaftError.self) { try node.step(message) }
        #expect(node.lastIndex == 0)
        #expect(node.status.configuration.voters == [1, 2])
    }

    @Test func `an empty snapshot, which old members attach to everything, is none`() throws {
        var node = self.follower()
        let answer = try self.send(Snapshot(), to: &node)
        #expect(answer?.index == 0)
        var append = Message(.append, to: 1, from: 2, term: 12, entries: StableLog.entries([12]))
        append.snapshot = Snapshot()
        #expect(try node.answers(to: append).first?.index == 1)
        #expect(node.log.snapshot.isEmpty)
    }

    @Test func `a learner becomes a voter by a snapshot`() throws {
        let before = ConfigurationState(voters: [2], learners: [1])
        var node = RaftNode(
            RaftConfiguration(id: 1),
            log: StableLog(snapshot: Snapshot(configuration: before))
        )
        node.campaign()
        #expect(node.role == .follower)
        let after = ConfigurationState(voters: [1, 2])
        _ = try self.send(Snapshot(index: 11, term: 11, configuration: after), to: &node)
        node.campaign()
        #expect(node.role == .candidate)
    }

    @Test func `a slow member is caught up by a snapshot and the entries after it`() throws {
        var network = Network(3)
        network.elect(1)
        network.isolate(3)
        for number in 1...100 { try network.propose("\(number)", at: 1) }
        network.compact(1)
        try network.propose("last", at: 1)
        network.heal()
        network.tick(3, 1)
        #expect(network[3].node.commitIndex == network[1].node.commitIndex)
        #expect(network[3].node.log.snapshot.index == 101)
        #expect(network.texts(3) == ["last"])
    }
}
