/// A message between members, or between a member and its local threads.
package struct Message: Sendable, Equatable {
    /// Who it is from; a transfer of leadership names its target here.
    package var from: RaftID
    /// Who it is to.
    package var to: RaftID
    /// What it says.
    package var kind: Kind
    /// The sender's term, or in a vote the candidate's; 0 for what belongs to no term.
    package var term: UInt64
    /// The term of the entry at `index`; in a refusal, the term at `rejectHint`.
    package var logTerm: UInt64
    /// The entry before `entries`, the candidate's last one, the last one acknowledged, or the read index.
    package var index: UInt64
    /// Entries to append, to apply or to propose; a read request carries its context as one entry.
    package var entries: [Entry]
    /// Up to where the log is committed.
    package var commit: UInt64
    /// The vote to be made durable (asynchronous storage only).
    package var vote: RaftID
    /// A snapshot to restore; an empty one counts as none.
    package var snapshot: Snapshot?
    /// Whether it is a refusal.
    package var reject: Bool
    /// The last place where the refusing log may agree with the leader's.
    package var rejectHint: UInt64
    /// Bytes that come back with the answer, or that mark a campaign as a transfer of leadership.
    package var context: [UInt8]
    /// What is to be delivered when the work is done (asynchronous storage only).
    package var responses: [Message]

    /// A message; what is left out is zero on the wire.
    package init(
        _ kind: Kind,
        to: RaftID = .none,
        from: RaftID = .none,
        term: UInt64 = 0,
        logTerm: UInt64 = 0,
        index: UInt64 = 0,
        entries: [Entry] = [],
        commit: UInt64 = 0,
        vote: RaftID = .none,
        snapshot: Snapshot? = nil,
        reject: Bool = false,
        rejectHint: UInt64 = 0,
        context: [UInt8] = [],
        responses: [Message] = []
    ) {
        self.from = from
        self.to = to
        self.kind = kind
        self.term = term
        self.logTerm = logTerm
        self.index = index
        self.entries = entries
        self.commit = commit
        self.vote = vote
        self.snapshot = snapshot
        self.reject = reject
        self.rejectHint = rejectHint
        self.context = context
        self.responses = responses
    }
}
