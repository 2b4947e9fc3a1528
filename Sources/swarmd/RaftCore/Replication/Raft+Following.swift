extension Raft {
    /// Takes what the leader of this term says.
    mutating func leaderSpoke(_ message: Message) throws(RaftError) {
        switch self.role {
        case .leader:
            // Nobody else can lead in this term; whoever says so is not heard.
            return
        case .candidate, .preCandidate:
            self.becomeFollower(term: self.term, leader: message.from)
        case .follower:
            self.follow(message.from)
        }
        switch message.kind {
        case .append:
            try self.appendReceived(message)
        case .heartbeat:
            try self.log.commit(to: message.commit)
            self.send(Message(.heartbeatResponse, to: message.from, context: message.context))
        default:
            try self.snapshotReceived(message)
        }
    }

    private mutating func appendReceived(_ message: Message) throws(RaftError) {
        try Self.check(message)
        if message.index < self.log.committed {
            try self.log.checkCommitted(message.entries)
            self.send(Message(.appendResponse, to: message.from, index: self.log.committed))
            return
        }
        let last = try self.log.append(message.entries, after: message.position, commit: message.commit)
        if let last {
            self.send(Message(.appendResponse, to: message.from, index: last))
            return
        }
        // Tells the leader where the logs may agree: what comes after, with terms later than the leader's own
        // entry, can't be part of its log.
        let limit = min(message.index, self.log.lastIndex)
        let hint = self.log.agreement(upTo: limit, term: message.logTerm)
        self.send(
            Message(
                .appendResponse,
                to: message.from,
                logTerm: hint.term,
                index: message.index,
                reject: true,
                rejectHint: hint.index
            )
        )
    }

    /// Throws unless the entries follow one another and belong into a log of the message's term.
    private static func check(_ message: Message) throws(RaftError) {
        var previous = message.position
        for entry in message.entries {
            guard entry.index == previous.index + 1, entry.term >= previous.term else {
                let text =
                    "\(entry.term)/\(entry.index) does not follow \(previous.term)/\(previous.index)"
                throw .malformed(.append, reason: text)
            }
            previous = entry.position
        }
        guard previous.term <= message.term else {
            throw .malformed(.append, reason: "term \(previous.term) in a log of term \(message.term)")
        }
    }

    private mutating func snapshotReceived(_ message: Message) throws(RaftError) {
        let isRestored = try message.snapshot.map { snapshot throws(RaftError) in
            try self.restore(snapshot)
        }
        let index = isRestored ?? false ? self.log.lastIndex : self.log.committed
        self.send(Message(.appendResponse, to: message.from, index: index))
    }

    /// Begins the log anew at a snapshot; returns false if it tells nothing new or is not for this member.
    private mutating func restore(_ snapshot: Snapshot) throws(RaftError) -> Bool {
        guard snapshot.index > self.log.committed else { return false }
        guard snapshot.configuration.contains(self.id) else { return false }
        guard !self.log.contains(snapshot.position) else {
            try self.log.commit(to: snapshot.index)
            return false
        }
        do {
            try self.members.restore(snapshot.configuration, lastIndex: snapshot.index)
        } catch {
            throw .invalidMembership(error)
        }
        self.log.restore(snapshot)
        self.record(.snapshotRestored(snapshot.position))
        self.membershipChanged()
        return true
    }
}
