/// What a member is doing in its term.
package enum Role: Sendable, Equatable {
    /// It follows a leader, or waits for one.
    case follower
    /// It asks whether it would be elected, before it disturbs anyone with a new term (thesis 9.6).
    case preCandidate
    /// It stands for election.
    case candidate
    /// It leads.
    case leader
}
