extension Raft {
    /// Asks for an index that covers everything acknowledged before now (paper 8, thesis 6.4).
    mutating func readIndex(_ request: ReadQueue.Request) throws(RaftError) {
        switch self.role {
        case .leader:
            try self.readIndexAsLeader(request)
        case .follower where self.leader != .none:
            let entry = Entry(payload: .normal(request.context))
            self.send(Message(.readIndex, to: self.leader, from: request.from, entries: [entry]))
        case .follower, .candidate, .preCandidate:
            throw .readDropped
        }
    }

    private mutating func readIndexAsLeader(_ request: ReadQueue.Request) throws(RaftError) {
        guard self.leadership.reads.count < self.configuration.maxReadsPending else {
            throw .tooManyReads(limit: self.configuration.maxReadsPending)
        }
        if self.hasCommittedInTerm {
            self.confirm(request)
        } else {
            self.leadership.reads.postpone(request)
        }
    }

    private mutating func confirm(_ request: ReadQueue.Request) {
        if self.isAlone || (self.configuration.readOnly == .leaseBased && self.hasLease) {
            self.answer(request, index: self.log.committed)
            return
        }
        self.leadership.reads.add(request, index: self.log.committed)
        self.leadership.reads.acknowledgeOwn(self.id, tick: self.leadership.ticks)
        self.broadcastHeartbeat()
    }

    /// Confirms what waited for the first entry of the term.
    mutating func releasePostponedReads() {
        guard self.hasCommittedInTerm else { return }
        for request in self.leadership.reads.takePostponed() { self.confirm(request) }
    }

    /// Notes that a member answered a heartbeat.
    mutating func readsAcknowledged(_ context: [UInt8], by peer: RaftID) {
        guard !context.isEmpty else { return }
        self.leadership.reads.acknowledge(context, from: peer)
        for request in self.leadership.reads.takeConfirmed(by: self.members.membership.voters) {
            self.answer(request, index: request.index)
        }
    }

    private mutating func answer(_ request: ReadQueue.Request, index: UInt64) {
        guard request.from != .none, request.from != self.id else {
            self.readStates.append(ReadState(index: index, context: request.context))
            return
        }
        let entry = Entry(payload: .normal(request.context))
        self.send(Message(.readIndexResponse, to: request.from, index: index, entries: [entry]))
    }

    /// Whether nobody else votes.
    private var isAlone: Bool {
        self.members.membership.isSingleton && self.members.membership.voters.contains(self.id)
    }

    /// Whether nobody else can have been elected, as far as ticks are worth: a quorum answered a heartbeat
    /// that was sent less than an election timeout ago, less one heartbeat for clocks that differ.
    ///
    /// Followers refuse candidates for that long (`checkQuorum`). The lease is void once somebody was told to
    /// take over, and, as in etcd, it trusts followers not to restart.
    var hasLease: Bool {
        guard self.role == .leader, self.configuration.checkQuorum, self.hasCommittedInTerm else {
            return false
        }
        guard self.leadership.transferee == .none, !self.leadership.hasUrgedTransfer else { return false }
        if self.isAlone { return true }
        var reads = self.leadership.reads
        reads.acknowledgeOwn(self.id, tick: self.leadership.ticks)
        guard let confirmed = reads.confirmedTick(by: self.members.membership.voters) else { return false }
        let patience = min(self.configuration.electionTick, self.timer.electionTick) - self.heartbeatTick
        return self.leadership.ticks - min(confirmed, self.leadership.ticks) < UInt64(max(patience, 0))
    }
}
