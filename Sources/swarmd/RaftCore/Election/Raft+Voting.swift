extension Raft {
    /// Gives the vote to a candidate, or says whether it would get it.
    ///
    /// Learners vote too: whoever asks knows them as voters, and they may only not have heard of it yet.
    mutating func voteRequested(_ message: Message) {
        let isPreVote = message.kind == .preVote
        let response: Message.Kind = isPreVote ? .preVoteResponse : .voteResponse
        if let reason = self.reasonToRefuse(message) {
            self.refused(message, reason)
            self.send(self.refusal(response, to: message.from))
            return
        }
        self.record(.voteGranted(to: message.from, term: message.term, isPreVote: isPreVote))
        // With the term of the question: the asker of a pre-vote would ignore our own, which may be older.
        self.send(Message(response, to: message.from, term: message.term))
        if !isPreVote {
            self.timer.elapsed = 0
            self.vote = message.from
        }
    }

    /// The answer to who does not get the vote.
    func refusal(_ kind: Message.Kind, to candidate: RaftID) -> Message {
        var refusal = Message(kind, to: candidate, term: self.term, reject: true)
        let committed = self.log.committed
        if self.configuration.tellsCommitInRefusals, let term = self.log.term(at: committed) {
            (refusal.commit, refusal.logTerm) = (committed, term)
        }
        return refusal
    }

    /// Takes from a refusal what it says of the commit, which is true whoever leads.
    ///
    /// Returns whether a change of the group came with it: votes are to be asked for anew when it is applied.
    mutating func learnCommit(from refusal: Message) -> Bool {
        guard refusal.commit > 0, self.log.commitOwn(to: refusal.commit, term: refusal.logTerm) else {
            return false
        }
        return self.log.hasUnappliedChanges
    }

    private func reasonToRefuse(_ message: Message) -> RaftEvent.RefusalReason? {
        let isFree = self.vote == .none && self.leader == .none
        let isAboutLaterTerm = message.kind == .preVote && message.term > self.term
        guard self.vote == message.from || isFree || isAboutLaterTerm else {
            return self.vote == .none ? .leaderKnown(self.leader) : .votedFor(self.vote)
        }
        let own = self.log.lastPosition
        guard message.position.isUpToDate(with: own) else {
            return .logBehind(candidate: message.position, own: own)
        }
        return nil
    }

    mutating func refused(_ message: Message, _ reason: RaftEvent.RefusalReason) {
        self.record(
            .voteRefused(
                to: message.from,
                term: message.term,
                isPreVote: message.kind == .preVote,
                reason: reason
            )
        )
    }
}
