package import Primitives
package import StoreCore

/// The one writer of the cluster's state.
///
/// A transaction runs against the leader's *speculative head*, the state with everything that is proposed
/// but not yet committed; it is acknowledged when its entry is committed and applied. Readers and watchers
/// see committed state only. A lost leadership drops the speculative head (architecture D6).
package actor ReplicatedStore {
    private let proposer: any Proposer
    private let now: @Sendable () -> Timestamp

    package init(proposer: any Proposer, now: @escaping @Sendable () -> Timestamp) {
        self.proposer = proposer
        self.now = now
    }

    /// Applies what the log commits until it ends.
    package func run() async throws {}

    /// The committed state and the index of the last commit in it.
    package var committed: (state: StoreState, index: UInt64) { (StoreState(), 0) }

    /// Runs `body` on the speculative head and returns when its changes are committed.
    ///
    /// A body that throws or changes nothing proposes nothing. Throws what `body` throws,
    /// or a `ProposalError`.
    @discardableResult
    package func update<Result: Sendable>(
        _ body: @Sendable (inout Transaction) throws -> Result
    ) async throws -> Result {
        throw ProposalError.closed
    }

    /// The committed state, and every commit after it; the stream ends when the watcher lags by more than
    /// `limit` commits or the store closes.
    package func watch(limit: Int) -> (state: StoreState, index: UInt64, commits: AsyncStream<Commit>) {
        (StoreState(), 0, AsyncStream { $0.finish() })
    }

    /// The commits after `index`, if they are still in memory, and those that follow; nil if they are not.
    package func watch(after index: UInt64, limit: Int) -> AsyncStream<Commit>? { nil }

    /// Whether this manager leads, and since which term.
    package var leadership: Leadership { .follower }

    /// Each change of `leadership`, the present value first.
    package func leaderships() -> AsyncStream<Leadership> { AsyncStream { $0.finish() } }
}

/// This manager's part in the group.
package enum Leadership: Sendable, Equatable {
    case follower
    case leader(term: UInt64)
}
