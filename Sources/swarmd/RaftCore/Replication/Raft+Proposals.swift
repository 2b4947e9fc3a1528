extension Raft {
    /// Appends what is proposed, or passes it to the leader.
    mutating func propose(_ payloads: [Entry.Payload], from proposer: RaftID) throws(RaftError) {
        guard !payloads.isEmpty else { throw .malformed(.propose, reason: "it proposes nothing") }
        switch self.role {
        case .leader:
            try self.proposeAsLeader(payloads)
        case .candidate, .preCandidate:
            throw .proposalDropped(.noLeader)
        case .follower:
            guard self.leader != .none else { throw .proposalDropped(.noLeader) }
            guard !self.configuration.disableProposalForwarding else {
                throw .proposalDropped(.forwardingDisabled(leader: self.leader))
            }
            let entries = payloads.map { Entry(payload: $0) }
            self.send(Message(.propose, to: self.leader, from: proposer, entries: entries))
        }
    }

    private mutating func proposeAsLeader(_ payloads: [Entry.Payload]) throws(RaftError) {
        guard self.members.peers[self.id] != nil else { throw .proposalDropped(.notMember) }
        guard self.leadership.transferee == .none else {
            throw .proposalDropped(.transferInProgress(to: self.leadership.transferee))
        }
        var payloads = payloads
        for place in payloads.indices {
            guard case .configuration(let change) = payloads[place] else { continue }
            if let reason = self.reasonToRefuse(change) {
                self.record(.configurationChangeRefused(id: change.id, reason: reason))
                payloads[place] = .normal([])
            } else {
                self.leadership.pendingChange = self.log.lastIndex + UInt64(place) + 1
            }
        }
        guard self.appendOwn(payloads) else {
            throw .proposalDropped(.uncommittedLimit(bytes: self.leadership.uncommittedBytes))
        }
        self.broadcastAppend()
    }

    /// Why a change can't be proposed now; nil if it can.
    ///
    /// The check is against the configuration in force, which may be older than the log's.
    private func reasonToRefuse(_ change: ConfigurationChange) -> String? {
        guard !self.configuration.disableConfigurationChangeValidation else { return nil }
        let isJoint = self.members.membership.voters.isJoint
        if self.leadership.pendingChange > self.log.applied {
            return "entry \(self.leadership.pendingChange) may be another one, "
                + "and only \(self.log.applied) is applied"
        }
        if isJoint, !change.changes.isEmpty { return "the joint configuration must be left first" }
        if !isJoint, change.changes.isEmpty { return "there is no joint configuration to leave" }
        return nil
    }

    /// Appends entries of the own term; returns false if that would be too much.
    ///
    /// They count as acknowledged by the leader once they are durable, for which it writes to itself.
    mutating func appendOwn(_ payloads: [Entry.Payload]) -> Bool {
        let size = payloads.reduce(0) { $0 + UInt64($1.size) }
        guard self.increaseUncommitted(by: size) else { return false }
        var index = self.log.lastIndex
        let entries = payloads.map { payload in
            index += 1
            return Entry(term: self.term, index: index, payload: payload)
        }
        self.log.append(entries)
        self.send(Message(.appendResponse, to: self.id, index: index))
        return true
    }

    /// Adds to what is uncommitted; returns false if that would be too much.
    ///
    /// The first proposal passes whatever its size, and so does what has no payload: the entry that opens a
    /// term and the one that leaves a joint configuration.
    private mutating func increaseUncommitted(by size: UInt64) -> Bool {
        let limit = self.configuration.maxUncommittedBytes
        let sum = self.leadership.uncommittedBytes + size
        guard limit == 0 || self.leadership.uncommittedBytes == 0 || size == 0 || sum <= limit else {
            return false
        }
        self.leadership.uncommittedBytes = sum
        return true
    }

    mutating func reduceUncommitted(by size: UInt64) {
        // Entries of earlier terms were never counted.
        self.leadership.uncommittedBytes -= min(size, self.leadership.uncommittedBytes)
    }
}
