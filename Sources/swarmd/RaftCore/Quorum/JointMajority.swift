/// Two majorities that must agree while the group changes (thesis 4.3).
package struct JointMajority: Sendable, Equatable {
    /// The members as they shall be; outside of a joint configuration the only ones.
    package var incoming: Majority
    /// The members as they were; empty outside of a joint configuration.
    package var outgoing: Majority

    /// The joint configuration of these two.
    package init(incoming: RaftIDSet = [], outgoing: RaftIDSet = []) {
        self.incoming = Majority(incoming)
        self.outgoing = Majority(outgoing)
    }

    /// Whether there are two majorities.
    package var isJoint: Bool { !self.outgoing.voters.isEmpty }

    /// The voters of both halves.
    package var voters: RaftIDSet { self.incoming.voters.union(self.outgoing.voters) }

    /// Whether `id` votes in either half.
    package func contains(_ id: RaftID) -> Bool {
        self.incoming.voters.contains(id) || self.outgoing.voters.contains(id)
    }

    /// The highest index that both majorities have acknowledged.
    package func committedIndex(acknowledged: (RaftID) -> UInt64?) -> UInt64 {
        min(
            self.incoming.committedIndex(acknowledged: acknowledged),
            self.outgoing.committedIndex(acknowledged: acknowledged)
        )
    }

    /// How the vote stands: both halves must win, and one lost half loses it.
    package func outcome(vote: (RaftID) -> Bool?) -> VoteOutcome {
        switch (self.incoming.outcome(vote: vote), self.outgoing.outcome(vote: vote)) {
        case (.won, .won): .won
        case (.lost, _), (_, .lost): .lost
        case (.pending, _), (_, .pending): .pending
        }
    }
}
