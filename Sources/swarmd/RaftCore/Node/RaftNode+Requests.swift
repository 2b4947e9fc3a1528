extension RaftNode {
    /// Stands for election, unless the member leads or may not.
    package mutating func campaign() { self.raft.campaign(reason: .request) }

    /// Proposes one entry.
    package mutating func propose(_ bytes: [UInt8]) throws(RaftError) {
        try self.raft.propose([.normal(bytes)], from: self.id)
    }

    /// Proposes entries that are appended next to each other, or not at all.
    package mutating func propose(batch: [[UInt8]]) throws(RaftError) {
        guard !batch.isEmpty else { return }
        try self.raft.propose(batch.map { .normal($0) }, from: self.id)
    }

    /// Proposes a change of the group.
    ///
    /// A leader that finds it untimely appends an empty entry in its place and records an event.
    package mutating func propose(_ change: ConfigurationChange) throws(RaftError) {
        try self.raft.propose([.configuration(change)], from: self.id)
    }

    /// Puts a committed change in force; must be called when its entry is applied.
    ///
    /// A driver that rejects a change for reasons of its own does not call it. Throws if the change is
    /// impossible, which can only come from proposals that were not validated; nothing has changed then.
    package mutating func apply(_ change: ConfigurationChange) throws(RaftError) -> ConfigurationState {
        try self.raft.apply(change)
    }

    /// Takes a message that arrived, or the answer of a local thread.
    ///
    /// The driver must see to it that nobody on the network poses as a local thread.
    package mutating func step(_ message: Message) throws(RaftError) {
        let isFromThread = message.from.isLocalThread
        guard isFromThread || !message.kind.isLocal else { throw .localMessage(message.kind) }
        guard isFromThread || !message.kind.isResponse || self.raft.members.peers[message.from] != nil else {
            throw .unknownPeer(message.from)
        }
        guard message.term != 0 || message.kind.isTermless else {
            throw .malformed(message.kind, reason: "it has no term")
        }
        var message = message
        // Etcd before 3.6 puts an empty snapshot into every message.
        if message.snapshot?.isEmpty == true { message.snapshot = nil }
        try self.raft.step(message)
    }

    /// Asks for a read index; the answer comes with `ready`, with the same context.
    ///
    /// A request can get lost with a leader or a message: ask again, at the latest when the term changes.
    package mutating func readIndex(context: [UInt8]) throws(RaftError) {
        try self.raft.readIndex(ReadQueue.Request(from: .none, context: context))
    }

    /// Hands leadership to another voter, or asks the leader to; gives up after an election timeout.
    package mutating func transferLeadership(to target: RaftID) {
        self.raft.transferLeadership(to: target)
    }

    /// Makes a follower forget its leader, so that it votes at once and stands for election in its time.
    package mutating func forgetLeader() { self.raft.forgetLeader() }

    /// Notes that a message to a member could not be sent.
    package mutating func reportUnreachable(_ id: RaftID) { self.raft.unreachable(id) }

    /// Notes how the sending of a snapshot to a member ended; must follow every snapshot message.
    package mutating func reportSnapshot(_ id: RaftID, ok: Bool) {
        self.raft.snapshotSent(to: id, succeeded: ok)
    }
}
