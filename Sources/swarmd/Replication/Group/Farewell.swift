package import RaftCore

/// How a member that was removed takes its leave.
///
/// Pure. Nobody sends it anything once the removal is applied, and others that have not applied it yet may need
/// its vote. So it asks the members of which it knows, and goes when most of them say that it is removed: they
/// get along without it. SwarmKit's managers go at the first word of it (`transport.go`, `ErrMemberRemoved`).
package struct Farewell: Sendable, Equatable {
    /// The ticks between two questions: an election time-out.
    private static let interval = 10
    /// The ticks after which it goes all the same, if the removal is certain: the others may be gone themselves.
    private static let patience = 100

    private var tellers: Set<RaftID> = []
    /// How long the removal is known; nil while it is not.
    private var ticks: Int?
    /// For how many ticks nobody sent anything.
    private var silence = 0
    /// Whether nothing holds the member any more.
    package private(set) var isOver = false

    /// A member that nobody removed, as far as one knows.
    package init() {}

    /// `member` has applied the removal.
    package mutating func told(by member: RaftID) {
        self.tellers.insert(member)
        if self.ticks == nil { self.ticks = 0 }
    }

    /// Another member sent something.
    package mutating func heard() { self.silence = 0 }

    /// A tick passed; `votes` says that this member has a vote, `isApplied` that the removal is in the own log, and `others` are the other voters.
    ///
    /// Returns whom to ask now.
    package mutating func tick(votes: Bool, isApplied: Bool, others: [RaftID]) -> [RaftID] {
        self.silence += 1
        guard let ticks = self.ticks ?? (isApplied ? 0 : nil) else {
            // A learner does not campaign, so nobody has occasion to refuse it.
            return !votes && self.silence.isMultiple(of: Self.interval) ? others : []
        }
        self.ticks = ticks + 1
        let told = others.count { self.tellers.contains($0) }
        self.isOver = told > others.count / 2 || ticks >= Self.patience
        return !self.isOver && ticks.isMultiple(of: Self.interval) ? others : []
    }
}
