extension Raft {
    /// Lets one tick pass.
    mutating func tick() {
        if self.role == .leader { self.tickLeader() } else { self.tickFollower() }
    }

    private mutating func tickFollower() {
        self.timer.elapsed += 1
        guard self.isPromotable, self.timer.isExpired else { return }
        self.timer.elapsed = 0
        self.campaign(reason: .timeout)
    }

    private mutating func tickLeader() {
        self.leadership.ticks += 1
        self.leadership.heartbeatElapsed += 1
        self.timer.elapsed += 1
        if self.timer.elapsed >= self.timer.electionTick {
            self.timer.elapsed = 0
            if self.configuration.checkQuorum { self.checkQuorum() }
            // Whoever has not taken over by now won't.
            if self.role == .leader { self.abortTransfer() }
        }
        guard self.role == .leader, self.leadership.heartbeatElapsed >= self.heartbeatTick else { return }
        self.leadership.heartbeatElapsed = 0
        self.broadcastHeartbeat()
    }

    /// Steps down unless a quorum was heard of since the last check (thesis 6.2).
    private mutating func checkQuorum() {
        if !self.members.isQuorumActive {
            self.record(.quorumLost(term: self.term))
            self.becomeFollower(term: self.term, leader: .none)
        }
        let id = self.id
        self.members.peers.forEach { peer, progress in
            if peer != id { progress.quorumChecked() }
        }
    }
}
