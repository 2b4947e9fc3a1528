extension Raft {
    /// Takes a member's answer to an append or a heartbeat.
    mutating func followerAnswered(_ message: Message) throws(RaftError) {
        guard self.role == .leader else { return }
        guard let place = self.members.peers.place(of: message.from) else { return }
        self.members.peers[place].progress.isRecentlyActive = true
        switch message.kind {
        case .heartbeatResponse:
            self.heartbeatAnswered(message, at: place)
        case .appendResponse where message.reject:
            self.appendRefused(message, at: place)
        default:
            guard message.index <= self.log.lastIndex else {
                throw .malformed(message.kind, reason: "it acknowledges what was never sent")
            }
            self.appendAcknowledged(message, at: place)
        }
    }

    private mutating func heartbeatAnswered(_ message: Message, at place: Int) {
        self.members.peers[place].progress.isFlowPaused = false
        let match = self.members.peers[place].progress.match
        let state = self.members.peers[place].progress.state
        // To a member with a full window this sends an empty message, and one that is probed comes back by
        // answering it.
        if match < self.log.lastIndex || state == .probe {
            _ = self.sendAppend(toPeerAt: place, evenIfEmpty: true)
        }
        self.readsAcknowledged(message.context, by: message.from)
    }

    /// Goes back to where the logs may agree.
    ///
    /// The refusal tells the term of the follower's log there. Every own entry before it with a later term
    /// can't agree, so that a long wrong tail costs one message per term, not one per entry. Etcd before 3.5
    /// tells no term; then its index is taken as it is.
    private mutating func appendRefused(_ message: Message, at place: Int) {
        var hint = message.rejectHint
        if message.logTerm > 0 { hint = self.log.agreement(upTo: hint, term: message.logTerm).index }
        guard self.members.peers[place].progress.reject(message.index, hint: hint) else { return }
        if self.members.peers[place].progress.state == .replicate {
            self.members.peers[place].progress.becomeProbe()
        }
        _ = self.sendAppend(toPeerAt: place, evenIfEmpty: true)
    }

    private mutating func appendAcknowledged(_ message: Message, at place: Int) {
        let match = self.members.peers[place].progress.match
        let state = self.members.peers[place].progress.state
        let isNews = self.members.peers[place].progress.acknowledge(message.index)
        // A member that is probed at its very end acknowledges what is known already, and yet comes back.
        guard isNews || (match == message.index && state == .probe) else { return }
        switch state {
        case .probe:
            self.members.peers[place].progress.becomeReplicate()
        case .snapshot:
            // Whichever snapshot it took, and from whom: if the log reaches back to it, it can go on.
            if self.members.peers[place].progress.match + 1 >= self.log.firstIndex {
                self.members.peers[place].progress.becomeProbe()
                self.members.peers[place].progress.becomeReplicate()
            }
        case .replicate:
            self.members.peers[place].progress.freeInflights(through: message.index)
        }
        let isOwn = message.from == self.id
        if self.advanceCommit() {
            self.releasePostponedReads()
            self.broadcastAppend()
        } else if !isOwn, self.members.peers[place].progress.wantsCommit(self.log.committed) {
            _ = self.sendAppend(toPeerAt: place, evenIfEmpty: true)
        }
        guard !isOwn else { return }
        while self.sendAppend(toPeerAt: place, evenIfEmpty: false) {}
        if message.from == self.leadership.transferee,
            self.members.peers[place].progress.match == self.log.lastIndex
        {
            self.urge(message.from)
        }
    }

    /// Commits what a quorum holds and what is of this term; returns whether that is more than before.
    mutating func advanceCommit() -> Bool {
        self.log.commitOwn(to: self.members.committedIndex, term: self.term)
    }

    /// Notes that a member could not be reached: what was on its way is probably lost.
    mutating func unreachable(_ id: RaftID) {
        guard self.role == .leader, let place = self.members.peers.place(of: id) else { return }
        self.members.peers[place].progress.lost()
        if self.members.peers[place].progress.state == .replicate {
            self.members.peers[place].progress.becomeProbe()
        }
    }

    /// Notes how the sending of a snapshot ended.
    ///
    /// After success the member's own answer is waited for, after failure a heartbeat's.
    mutating func snapshotSent(to id: RaftID, succeeded: Bool) {
        guard self.role == .leader, let place = self.members.peers.place(of: id) else { return }
        guard case .snapshot = self.members.peers[place].progress.state else { return }
        if succeeded {
            self.members.peers[place].progress.becomeProbe()
        } else {
            self.members.peers[place].progress.snapshotFailed()
        }
        self.members.peers[place].progress.isFlowPaused = true
    }
}
