extension Raft {
    /// Stands for election in the way that the configuration asks for.
    mutating func campaign(reason: RaftEvent.ElectionReason) {
        self.campaign(self.configuration.preVote ? .preElection : .election, reason: reason)
    }

    /// Stands for election, unless the member leads or may not.
    mutating func campaign(_ kind: CampaignKind, reason: RaftEvent.ElectionReason) {
        guard self.role != .leader else { return }
        guard self.isPromotable else {
            self.record(.electionImpossible(term: self.term, reason: "it has no vote"))
            return
        }
        guard !self.log.hasUnappliedChanges else {
            // It would count the votes of a group that is no more.
            self.record(
                .electionImpossible(term: self.term, reason: "it has not applied a configuration change")
            )
            return
        }
        self.record(.electionStarted(term: self.term, reason: reason))
        self.requestVotes(kind)
    }

    private mutating func requestVotes(_ kind: CampaignKind) {
        let request: Message.Kind
        let response: Message.Kind
        let term: UInt64
        if kind == .preElection {
            self.becomePreCandidate()
            (request, response, term) = (.preVote, .preVoteResponse, self.term + 1)
        } else {
            self.becomeCandidate()
            (request, response, term) = (.vote, .voteResponse, self.term)
        }
        let last = self.log.lastPosition
        for voter in self.members.membership.voters.voters {
            if voter == self.id {
                // The own vote counts once it is durable.
                self.send(Message(response, to: voter, term: term))
                continue
            }
            self.send(
                Message(
                    request,
                    to: voter,
                    term: term,
                    logTerm: last.term,
                    index: last.index,
                    context: kind == .transfer ? CampaignKind.transferMark : []
                )
            )
        }
    }

    /// Counts a vote.
    mutating func voteReceived(_ message: Message) {
        // A late answer to our pre-vote says nothing about the election, and the other way round.
        switch (self.role, message.kind) {
        case (.preCandidate, .preVoteResponse), (.candidate, .voteResponse): break
        default: return
        }
        let isPreVote = self.role == .preCandidate
        self.votes.record(!message.reject, from: message.from)
        self.record(
            .voteReceived(
                from: message.from,
                term: self.term,
                isPreVote: isPreVote,
                granted: !message.reject
            )
        )
        if message.reject, self.learnCommit(from: message) {
            return self.becomeFollower(term: self.term, leader: .none)
        }
        switch self.members.membership.voters.outcome(vote: self.votes.vote(of:)) {
        case .won where isPreVote:
            self.requestVotes(.election)
        case .won:
            self.becomeLeader()
            self.broadcastAppend()
        case .lost:
            // The answer to a pre-vote may carry a term that never began.
            self.becomeFollower(term: self.term, leader: .none)
        case .pending:
            break
        }
    }
}
