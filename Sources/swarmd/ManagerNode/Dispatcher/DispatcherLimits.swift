/// The bounds of the dispatcher's shell.
package enum DispatcherLimits {
    /// The most changes in one transaction (SwarmKit `store.MaxChangesPerTransaction`).
    package static let changesPerTransaction = 200
    /// How many transactions of status reports may be under way; they share a write to disk.
    package static let transactionsInFlight = 4
    /// How many changes may wait for a transaction; reports beyond it are refused, agents repeat them.
    package static let waitingChanges = 50_000
    /// How many commits the dispatcher may lag behind before it compares whole states.
    package static let watchedCommits = 10_000
    /// How long the wait for an overdue node is at most, so that a shorter period takes effect.
    package static let longestWait: Duration = .seconds(1)
    /// How often a transaction is tried that the log had no room for, and how long between.
    package static let attempts = 50
    package static let pause: Duration = .milliseconds(20)
}
