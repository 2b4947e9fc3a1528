/// What a member must know again after a restart.
package struct HardState: Sendable, Equatable {
    /// The latest term that the member has seen.
    package var term: UInt64
    /// For whom it voted in that term.
    package var vote: RaftID
    /// Up to where it knows the log to be committed.
    package var commit: UInt64

    /// A hard state; all zero before anything happened.
    package init(term: UInt64 = 0, vote: RaftID = .none, commit: UInt64 = 0) {
        self.term = term
        self.vote = vote
        self.commit = commit
    }

    /// Whether nothing has happened yet; such a state is not worth a write.
    package var isEmpty: Bool { self == HardState() }
}
