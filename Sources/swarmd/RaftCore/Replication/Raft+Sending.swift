extension Raft {
    /// Sends everybody what they lack, or at least the commit index.
    mutating func broadcastAppend() {
        for place in self.members.peers.indices where self.members.peers[place].id != self.id {
            _ = self.sendAppend(toPeerAt: place, evenIfEmpty: true)
        }
    }

    /// Sends everybody what they lack, and nothing to those who lack nothing.
    mutating func sendMissing() {
        for place in self.members.peers.indices where self.members.peers[place].id != self.id {
            _ = self.sendAppend(toPeerAt: place, evenIfEmpty: false)
        }
    }

    /// Sends a member what it lacks, or at least the commit index.
    mutating func sendAppend(to id: RaftID) {
        guard let place = self.members.peers.place(of: id) else { return }
        _ = self.sendAppend(toPeerAt: place, evenIfEmpty: true)
    }

    /// Sends a member one message, if its progress lets it; returns whether one was sent.
    mutating func sendAppend(toPeerAt place: Int, evenIfEmpty: Bool) -> Bool {
        guard !self.members.peers[place].progress.isPaused else { return false }
        let next = self.members.peers[place].progress.next
        let previous = next - 1
        guard let previousTerm = self.log.term(at: previous) else {
            return self.sendSnapshot(toPeerAt: place)
        }
        var entries: [Entry] = []
        // A full window still lets an empty message through now and then: its answer opens the window again
        // if everything on its way was lost.
        if self.members.peers[place].progress.acceptsEntries {
            let limit = self.configuration.maxSizePerMessage
            guard let found = self.log.entries(from: next, limit: limit) else {
                return self.sendSnapshot(toPeerAt: place)
            }
            entries = found
        }
        guard evenIfEmpty || !entries.isEmpty else { return false }
        self.send(
            Message(
                .append,
                to: self.members.peers[place].id,
                logTerm: previousTerm,
                index: previous,
                entries: entries,
                commit: self.log.committed
            )
        )
        self.members.peers[place].progress.sent(entries: entries.count, bytes: entries.payloadSize)
        self.members.peers[place].progress.sent(commit: self.log.committed)
        return true
    }

    /// Sends the snapshot to a member that lacks what the log no longer holds.
    ///
    /// Nothing is sent to one that is not heard of, or while there is no snapshot.
    private mutating func sendSnapshot(toPeerAt place: Int) -> Bool {
        guard self.members.peers[place].progress.isRecentlyActive, let snapshot = self.log.snapshot else {
            return false
        }
        let id = self.members.peers[place].id
        self.members.peers[place].progress.becomeSnapshot(snapshot.index)
        self.record(.snapshotSent(to: id, position: snapshot.position))
        self.send(Message(.snapshot, to: id, snapshot: snapshot))
        return true
    }

    /// Tells everybody that the leader lives.
    ///
    /// The commit index goes no further than the member is known to agree, as it believes it unseen.
    mutating func broadcastHeartbeat() {
        let ticks = self.leadership.ticks
        let wantsLease = self.configuration.checkQuorum
        let context = self.leadership.reads.heartbeatContext(tick: ticks, wantsLease: wantsLease)
        for place in self.members.peers.indices where self.members.peers[place].id != self.id {
            let id = self.members.peers[place].id
            let commit = min(self.members.peers[place].progress.match, self.log.committed)
            self.send(Message(.heartbeat, to: id, commit: commit, context: context))
            self.members.peers[place].progress.sent(commit: commit)
        }
    }
}
