import RaftCore
import Testing

@Suite struct ReadIndexTests {
    private func group(_ count: Int = 3, configure: (inout RaftConfiguration) -> Void = { _ in }) -> Network {
        var network = Network(count, configure: configure)
        network.elect(1)
        return network
    }

    private func read(_ network: inout Network, _ text: String, at id: RaftID) throws {
        try network[id].node.readIndex(context: Array(text.utf8))
        network.settle()
    }

    private func reads(_ network: Network, at id: RaftID) -> [String] {
        network[id].reads.map { "\(String(decoding: $0.context, as: UTF8.self))@\($0.index)" }
    }

    @Test(arguments: [RaftConfiguration.ReadMode.safe, .leaseBased])
    func `every member gets an index that covers what was committed before`(
        mode: RaftConfiguration.ReadMode
    ) throws {
        var network = self.group {
            $0.readOnly = mode
            $0.checkQuorum = true
        }
        for id in network.ids {
            try network.propose("x", at: 1)
            try self.read(&network, "r\(id)", at: id)
            #expect(self.reads(network, at: id) == ["r\(id)@\(id.rawValue + 1)"])
        }
    }

    @Test func `a leader that was cut off answers no reads`() throws {
        var network = self.group()
        network.isolate(1)
        try self.read(&network, "stale", at: 1)
        network.elect(2)
        try network.propose("new", at: 2)
        #expect(network[1].reads.isEmpty)
        network.heal()
        network.tick(2, 2)
        #expect(network[1].reads.isEmpty, "the read died with the term")
    }

    @Test func `a new leader waits for an entry of its own term`() throws {
        var network = self.group()
        try network.propose("x", at: 1)
        network.lost = [.appendResponse]
        network.elect(2)
        #expect(network[2].node.role == .leader)
        #expect(!network[2].node.hasCommittedInTerm)
        try self.read(&network, "early", at: 2)
        #expect(network[2].reads.isEmpty)
        network.heal()
        network.tick(1, 2)
        #expect(self.reads(network, at: 2) == ["early@3"])
    }

    @Test func `one round of heartbeats confirms every read that came before it`() throws {
        var network = self.group()
        network.lost = [.heartbeatResponse]
        for text in ["a", "b", "c"] { try self.read(&network, text, at: 1) }
        #expect(network[1].reads.isEmpty)
        network.heal()
        network.tick(1, 1)
        #expect(self.reads(network, at: 1) == ["a@1", "b@1", "c@1"])
    }

    @Test func `one of two followers confirms`() throws {
        var network = self.group()
        network.isolate(3)
        try self.read(&network, "r", at: 1)
        #expect(self.reads(network, at: 1) == ["r@1"])
    }

    @Test func `the answer of a learner confirms nothing`() throws {
        var network = Network(2, learners: [3])
        network.elect(1)
        network.isolate(2)
        try self.read(&network, "r", at: 1)
        #expect(network[1].reads.isEmpty)
        network.heal()
        try self.read(&network, "s", at: 3)
        #expect(self.reads(network, at: 3) == ["s@1"])
    }

    @Test func `who votes alone answers at once`() throws {
        var network = Network(1)
        network.elect(1)
        try self.read(&network, "r", at: 1)
        #expect(self.reads(network, at: 1) == ["r@1"])
    }

    @Test func `without a leader there is nobody to ask`() throws {
        var node = RaftNode.one(of: 3)
        #expect(throws: RaftError.readDropped) { try node.readIndex(context: [1]) }
        node.campaign()
        #expect(throws: RaftError.readDropped) { try node.readIndex(context: [1]) }
    }

    @Test func `only so many reads wait`() throws {
        var network = self.group { $0.maxReadsPending = 2 }
        network.isolate(1)
        try self.read(&network, "a", at: 1)
        try self.read(&network, "b", at: 1)
        #expect(throws: RaftError.tooManyReads(limit: 2)) { try network[1].node.readIndex(context: [3]) }
    }

    @Test func `an answer with strange bytes confirms nothing`() throws {
        var network = self.group()
        network.lost = [.heartbeatResponse]
        try self.read(&network, "r", at: 1)
        let ones = [UInt8](repeating: 255, count: 16)
        for context in [[1, 2, 3], Array(ones.prefix(8))] as [[UInt8]] {
            try network[1].node.step(Message(.heartbeatResponse, to: 1, from: 2, term: 1, context: context))
        }
        network.work(1)
        #expect(network[1].reads.isEmpty)
        // One that claims everything confirms what there is, and no more.
        try network[1].node.step(Message(.heartbeatResponse, to: 1, from: 2, term: 1, context: ones))
        network.work(1)
        #expect(self.reads(network, at: 1) == ["r@1"])
        try self.read(&network, "later", at: 1)
        #expect(self.reads(network, at: 1) == ["r@1"])
    }

    @Test func `a request or an answer without a context is an error`() throws {
        var network = self.group()
        #expect(throws: RaftError.self) {
            try network[1].node.step(Message(.readIndex, to: 1, from: 2))
        }
        #expect(throws: RaftError.self) {
            try network[2].node.step(Message(.readIndexResponse, to: 2, from: 1, term: 1))
        }
    }

    // MARK: Leases

    private func leasedGroup() -> Network {
        self.group {
            $0.readOnly = .leaseBased
            $0.checkQuorum = true
        }
    }

    @Test func `a lease begins with the first heartbeat that a quorum answers`() throws {
        var network = self.leasedGroup()
        #expect(!network[1].node.isLeaseValid)
        network.tick(1)
        #expect(network[1].node.isLeaseValid)
        #expect(!network[2].node.isLeaseValid)
        network.isolate(1)
        try self.read(&network, "r", at: 1)
        #expect(self.reads(network, at: 1) == ["r@1"])
    }

    @Test func `a lease ends before a follower's patience`() {
        var network = self.leasedGroup()
        network.tick(1)
        network.isolate(1)
        network.tick(network[1].node.electionTick - 2, 1)
        #expect(network[1].node.isLeaseValid)
        network.tick(1, 1)
        #expect(!network[1].node.isLeaseValid)
    }

    @Test func `without a lease a read is confirmed by a quorum`() throws {
        var network = self.leasedGroup()
        network.isolate(1)
        try self.read(&network, "r", at: 1)
        #expect(network[1].reads.isEmpty)
        network.heal()
        network.tick(1)
        #expect(self.reads(network, at: 1) == ["r@1"])
    }

    @Test func `once somebody was told to take over there is no lease in this term`() {
        var network = self.leasedGroup()
        network.tick(1)
        network.lost = [.timeoutNow]
        network[1].node.transferLeadership(to: 2)
        network.settle()
        network.tick(network[1].node.electionTick)
        #expect(network[1].node.status.leadTransferee == .none)
        #expect(network[1].node.role == .leader)
        #expect(!network[1].node.isLeaseValid)
    }

    @Test func `a leader that relies on leases is not forgotten`() {
        var network = self.leasedGroup()
        network[2].node.forgetLeader()
        #expect(network[2].node.leader == 1)
        var other = self.group()
        other[2].node.forgetLeader()
        #expect(other[2].node.leader == .none)
        other.tick(1, 1)
        #expect(other[2].node.leader == 1)
    }
}
