extension Raft {
    /// Gives the vote to a candidate, or says whether it would get it.
    ///
    /// Learners vote too: whoever asks knows them as voters, and they may only not have heard of it yet.
    mutating func voteRequested(_ message: Message) {
        let isPreVote = message.kind == .preVote
        let response: Message.Kind = isPreVote ? .preVoteResponse : .voteResponse
        if let reason = self.reasonToRefuse(message) {
            self.refused(message, reason)
            self.send(Message(response, to: message.from, term: self.term, reject: true))
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
