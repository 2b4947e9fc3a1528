extension Raft {
    /// Puts a committed configuration change in force; returns the group as it is then.
    mutating func apply(_ change: ConfigurationChange) throws(RaftError) -> ConfigurationState {
        do {
            try self.members.apply(change, lastIndex: self.log.lastIndex)
        } catch {
            throw .invalidMembership(error)
        }
        self.membershipChanged()
        return self.members.membership.state
    }

    /// Does what another group asks for.
    mutating func membershipChanged() {
        let membership = self.members.membership
        self.record(.configurationChanged(membership.state))
        guard self.role == .leader else { return }
        guard let own = self.members.peers[self.id], !own.isLearner else {
            if self.configuration.stepDownOnRemoval {
                self.record(.leaderRemoved(term: self.term))
                self.becomeFollower(term: self.term, leader: .none)
            }
            return
        }
        guard !membership.voters.incoming.voters.isEmpty else { return }
        if self.advanceCommit() {
            self.broadcastAppend()
        } else {
            self.sendMissing()
        }
        if self.leadership.transferee != .none, !membership.voters.contains(self.leadership.transferee) {
            self.abortTransfer()
        }
    }

    /// Notes that entries up to `index`, of `size` bytes, are applied; leaves a joint configuration that is
    /// to be left.
    mutating func applied(to index: UInt64, size: UInt64) {
        let index = max(index, self.log.applied)
        self.log.apply(to: index, size: size)
        guard self.members.membership.autoLeave, index >= self.leadership.pendingChange,
            self.role == .leader
        else { return }
        do {
            try self.propose([.configuration(ConfigurationChange())], from: self.id)
        } catch {
            // Leadership is being handed over: the new leader leaves it, or this one after its next entry.
        }
    }

    /// Notes that a snapshot is durable and applied.
    mutating func snapshotApplied(_ snapshot: Snapshot) {
        self.log.stabilizeSnapshot(at: snapshot.index)
        self.applied(to: snapshot.index, size: 0)
    }
}
