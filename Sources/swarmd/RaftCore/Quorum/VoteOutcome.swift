/// How a vote stands.
package enum VoteOutcome: Sendable, Equatable {
    /// Votes that are missing decide.
    case pending
    /// A quorum can't be reached any more.
    case lost
    /// A quorum said yes.
    case won
}
