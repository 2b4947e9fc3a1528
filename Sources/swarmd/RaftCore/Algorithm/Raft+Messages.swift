extension Raft {
    /// Queues a message.
    ///
    /// Votes and acknowledgements promise something that must survive a restart; they wait until everything
    /// before them is durable, refusals too, because what they rest upon may not be durable yet (thesis 3.8).
    mutating func send(_ message: Message) {
        var message = message
        if message.from == .none { message.from = self.id }
        switch message.kind {
        case .vote, .voteResponse, .preVote, .preVoteResponse:
            precondition(message.term != 0, "\(message.kind) to \(message.to) without a term")
        case .propose, .readIndex:
            message.term = 0
        default:
            message.term = self.term
        }
        switch message.kind {
        case .appendResponse, .voteResponse, .preVoteResponse:
            self.afterAppend.append(message)
        default:
            precondition(message.to != self.id, "\(message.kind) to itself")
            self.outbox.append(message)
        }
    }

    /// Takes a message, from another member or from the local threads.
    mutating func step(_ message: Message) throws(RaftError) {
        guard self.settleTerm(of: message) else { return }
        switch message.kind {
        case .vote, .preVote:
            self.voteRequested(message)
        case .storageAppendResponse:
            if message.index != 0 { self.log.stabilize(to: message.position) }
            if let snapshot = message.snapshot { self.snapshotApplied(snapshot) }
        case .storageApplyResponse:
            guard let last = message.entries.last else { return }
            self.applied(to: last.index, size: message.entries.encodedSize)
            self.reduceUncommitted(by: message.entries.payloadSize)
        case .propose:
            try self.propose(message.entries.map(\.payload), from: message.from)
        case .append, .heartbeat, .snapshot:
            try self.leaderSpoke(message)
        case .appendResponse, .heartbeatResponse:
            try self.followerAnswered(message)
        case .voteResponse, .preVoteResponse:
            self.voteReceived(message)
        case .transferLeader:
            self.transferLeadership(to: message.from)
        case .timeoutNow:
            guard self.role == .follower else { return }
            self.campaign(.transfer, reason: .transfer(from: message.from))
        case .readIndex:
            let context = try Self.readContext(of: message)
            try self.readIndex(ReadQueue.Request(from: message.from, context: context))
        case .readIndexResponse:
            guard self.role == .follower else { return }
            let context = try Self.readContext(of: message)
            self.readStates.append(ReadState(index: message.index, context: context))
        case .forgetLeader:
            self.forgetLeader()
        case .campaign, .beat, .unreachable, .snapshotStatus, .checkQuorum, .storageAppend, .storageApply:
            throw .localMessage(message.kind)
        }
    }

    /// Compares the message's term with ours, adopts a newer one; returns whether the message is of our term
    /// then.
    private mutating func settleTerm(of message: Message) -> Bool {
        if message.term == 0 || message.term == self.term { return true }
        if message.term < self.term {
            self.answerOldTerm(message)
            return false
        }
        let isVote = message.kind == .vote || message.kind == .preVote
        if isVote, self.isLoyal, message.context != CampaignKind.transferMark {
            // Removed members, who hear of no leader, must not disturb the others (thesis 4.2.3).
            self.refused(message, .leaderAlive(self.leader))
            return false
        }
        switch message.kind {
        case .preVote:
            // The term is one that may come, not one that has begun.
            break
        case .preVoteResponse where !message.reject:
            // So is this one; a refusal, however, carries the refuser's own term.
            break
        case .append, .heartbeat, .snapshot:
            self.becomeFollower(term: message.term, leader: message.from)
        default:
            self.becomeFollower(term: message.term, leader: .none)
        }
        return true
    }

    /// Whether candidates are ignored, because a leader was heard of within the shortest election timeout.
    private var isLoyal: Bool {
        self.configuration.checkQuorum && self.leader != .none && self.timer.isPatient
    }

    private mutating func answerOldTerm(_ message: Message) {
        switch message.kind {
        case .heartbeat, .append:
            // The leader must learn that we are ahead: where candidates are ignored, nobody else tells it,
            // and we could neither win nor come back.
            guard self.configuration.checkQuorum || self.configuration.preVote else { return }
            self.send(Message(.appendResponse, to: message.from))
        case .preVote:
            // Silence could leave a group without a leader while some of its members know no pre-vote yet.
            self.refused(message, .oldTerm(message.term))
            self.send(self.refusal(.preVoteResponse, to: message.from))
        case .storageAppendResponse:
            // The entries may have been overwritten since; see `RaftNode.storageAppendResponse`. What a
            // snapshot holds is committed in every term.
            if let snapshot = message.snapshot { self.snapshotApplied(snapshot) }
        default:
            break
        }
    }

    /// A read request carries its context as the bytes of one entry.
    private static func readContext(of message: Message) throws(RaftError) -> [UInt8] {
        guard message.entries.count == 1, case .normal(let bytes) = message.entries[0].payload else {
            throw .malformed(
                message.kind,
                reason: "it carries \(message.entries.count) entries, not a context"
            )
        }
        return bytes
    }
}

extension Message {
    /// The entry that the message is about.
    var position: EntryPosition { EntryPosition(term: self.logTerm, index: self.index) }
}
