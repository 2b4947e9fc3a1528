extension Raft {
    /// Begins to hand leadership over (thesis 3.10), or asks the leader to.
    ///
    /// A second request for the same target changes nothing; one for another target takes its place.
    mutating func transferLeadership(to target: RaftID) {
        guard self.role == .leader else {
            guard self.role == .follower, self.leader != .none else { return }
            self.send(Message(.transferLeader, to: self.leader, from: target))
            return
        }
        guard let progress = self.members.peers[target], !progress.isLearner else { return }
        guard self.leadership.transferee != target else { return }
        self.abortTransfer()
        guard target != self.id else { return }
        // It must be done within one election timeout.
        self.timer.elapsed = 0
        self.leadership.transferee = target
        self.record(.transferStarted(to: target))
        if progress.match == self.log.lastIndex {
            self.urge(target)
        } else {
            self.sendAppend(to: target)
        }
    }

    /// Tells the target to stand for election, as it has the whole log.
    mutating func urge(_ target: RaftID) {
        self.leadership.hasUrgedTransfer = true
        self.send(Message(.timeoutNow, to: target))
    }

    /// Keeps leading.
    mutating func abortTransfer() {
        guard self.leadership.transferee != .none else { return }
        self.record(.transferAborted(to: self.leadership.transferee))
        self.leadership.transferee = .none
    }
}
