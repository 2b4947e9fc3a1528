package import Logging
package import Primitives
package import ReplicatedStore
package import StoreCore

/// Runs a reconciler against the store for one term.
///
/// Looks whenever something was committed, and when the reconciler's deadline has passed. Commits that
/// arrive while it plans or writes are taken together next time, so that a burst costs one plan.
package struct ReconcileLoop<Core: Reconciler>: Sendable {
    /// How many commits may wait before the loop starts again from the whole state.
    private static var backlog: Int { 8_192 }

    private let store: ReplicatedStore
    private let core: Core
    private let seed: UInt64
    private let clock: any WallClock
    private let log: Logger

    package init(_ core: Core, store: ReplicatedStore, seed: UInt64, clock: any WallClock, log: Logger) {
        self.store = store
        self.core = core
        self.seed = seed
        self.clock = clock
        self.log = log
    }

    /// Works until it is cancelled or the store closes.
    package func run() async throws {
        var generator = SeededGenerator(seed: self.seed)
        while !Task.isCancelled {
            // A watcher that lagged finds its feed ended: begin again from the state. So does a store that is
            // closed, at once; then the pause lasts until the term is cancelled.
            try await self.follow(&generator)
            try await self.clock.sleep(until: self.clock.now + .milliseconds(50))
        }
    }

    private func follow(_ generator: inout SeededGenerator) async throws {
        var core = self.core
        let start = await self.store.watch(limit: Self.backlog, of: .planned)
        var state = start.state
        core.start(on: state, now: self.clock.now)
        repeat {
            let edits = core.plan(on: state, now: self.clock.now, using: &generator)
            if !edits.isEmpty { try await self.store.updateInBatches(edits) }
            guard let commits = await start.commits.take(until: core.deadline, clock: self.clock) else {
                return
            }
            for commit in commits { core.observe(commit, now: self.clock.now) }
            state = commits.last?.state ?? state
        } while !Task.isCancelled
    }
}
