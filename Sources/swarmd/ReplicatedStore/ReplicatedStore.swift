import DequeModule
package import Logging
package import Primitives
package import StoreCore
package import SwarmAPI

/// The one writer of the cluster's state.
///
/// A transaction runs against the leader's *speculative head*, the state with everything that is proposed
/// but not yet committed; it is acknowledged when its entry is committed and applied. Readers and watchers
/// see committed state only. A lost leadership drops the speculative head (architecture D6).
package actor ReplicatedStore {
    private let proposer: any Proposer
    private let now: @Sendable () -> Timestamp
    private let limits: StoreLimits
    private let logger: Logger

    /// The newest committed state, to be read without waiting.
    package nonisolated let newest: NewestState

    private var replica: StoreReplica<CommitWaiter>
    private var history: CommitHistory
    private var closed = false
    /// Takes what is to be hashed; nil while the store does not run.
    private var digesting: AsyncStream<DigestPart>.Continuation?
    /// Takes what is to be stored; nil while the store does not run.
    private var taking: AsyncStream<SnapshotRequest>.Continuation?

    private var watchers: [Watcher] = []
    private var followers: [AsyncStream<Leadership>.Continuation] = []

    /// A store of what `proposer` commits; `membership` is written to snapshots until one that is restored
    /// brings its own.
    package init(
        proposer: any Proposer,
        now: @escaping @Sendable () -> Timestamp,
        limits: StoreLimits = StoreLimits(),
        membership: SwarmClusterSnapshot = SwarmClusterSnapshot(),
        logger: Logger = Logger(label: "store")
    ) {
        self.proposer = proposer
        self.now = now
        self.limits = limits
        self.logger = logger
        let replica = StoreReplica<CommitWaiter>(
            membership: membership,
            limits: limits,
            firstRequest: UInt64.random(in: 1...UInt64.max)
        )
        self.newest = replica.newest
        self.replica = replica
        self.history = CommitHistory(base: 0, limits: limits)
    }

    /// Applies what the log commits until it ends.
    ///
    /// Throws `ProposalError.closed` when the log ended by itself, and `EntryError` or `SnapshotError` when
    /// it holds what can't be applied: the process must not go on with a state of its own.
    package func run() async throws {
        let (requests, taking) = AsyncStream.makeStream(
            of: SnapshotRequest.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let (parts, digesting) = AsyncStream.makeStream(
            of: DigestPart.self,
            bufferingPolicy: .bufferingOldest(self.limits.digestsWaiting)
        )
        self.digesting = digesting
        self.taking = taking
        defer { self.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Serializing and hashing take long, and the store may be on the thread of the members' connections.
            group.addTask(executorPreference: globalConcurrentExecutor) { [proposer] in
                await DigestMaker(proposer: proposer).run(parts)
            }
            defer { digesting.finish() }
            let taker = SnapshotTaker(proposer: self.proposer, logger: self.logger) { stored in
                if let request = await self.snapshotEnded(stored: stored) { taking.yield(request) }
            }
            group.addTask(executorPreference: globalConcurrentExecutor) { await taker.run(requests) }
            defer { taking.finish() }
            var bytes = 0
            for await event in self.proposer.events {
                for part in event.parts(of: self.limits.bytesAtOnce) {
                    bytes += part.committedBytes
                    if bytes > self.limits.bytesAtOnce {
                        // The thread may be the one that answers the members.
                        await Task.yield()
                        bytes = part.committedBytes
                    }
                    self.handle(try await self.follow(part))
                    if let request = self.dueSnapshot() { taking.yield(request) }
                }
            }
            if !Task.isCancelled { throw ProposalError.closed }
        }
    }

    /// The committed state and the index of the last commit in it.
    package var committed: (state: StoreState, index: UInt64) { (self.replica.state, self.replica.applied) }

    /// Runs `body` on the speculative head and returns when its changes are committed.
    ///
    /// A body that throws or changes nothing proposes nothing; the call then ends when what the body saw is
    /// known to be committed and the newest: a refusal may not rest on what never was. Throws what `body`
    /// throws, or a `ProposalError`; a cancelled caller gets `CancellationError` at once, and its entry may
    /// still be committed.
    @discardableResult
    package func update<Result: Sendable>(
        _ body: @Sendable (inout Transaction) throws -> Result
    ) async throws -> Result {
        let (found, waiter) = try self.write { transaction, id throws(EntryError) in
            let found = Swift.Result { try body(&transaction) }
            if case .failure = found { transaction.undo() }
            let changes = transaction.changes
            return (found, changes.isEmpty ? [] : try StoreEntry.encode(changes, id: id))
        }
        if let waiter { try await waiter.wait() } else { try await self.confirmHead() }
        return try found.get()
    }

    /// Commits a reconciler's edits in as many entries as they need, and returns how many edits were dropped
    /// because other writers overtook them.
    ///
    /// The parts are proposed one behind the other without waiting. When the call throws, some of them may
    /// have been committed.
    @discardableResult
    package func updateInBatches(_ edits: [StoreEdit]) async throws -> Int {
        let batched = min(self.limits.batchedBytesInFlight, self.limits.bytesInFlight / 2)
        var batches = EditBatches(edits, changes: self.limits.batchedChanges)
        var waiters = Deque<CommitWaiter>()
        var dropped = 0
        while !batches.isEmpty {
            if self.replica.bytesInFlight > batched, let oldest = waiters.popFirst() {
                try await oldest.wait()
                continue
            }
            let (lost, waiter) = try self.write { transaction, id throws(EntryError) in
                let batch = try batches.next(in: &transaction, id: id)
                return (batch.dropped, batch.entry)
            }
            dropped += lost
            if let waiter { waiters.append(waiter) }
            // Others have their turn: a hundred thousand edits take seconds.
            await Task.yield()
        }
        while let waiter = waiters.popFirst() { try await waiter.wait() }
        try await self.settleHead()
        return dropped
    }

    /// A committed state that is not older than this call, whichever manager is asked.
    ///
    /// Throws `ProposalError.notLeader` while no leader can be found, and `closed` when the store ends.
    package func linearizable() async throws -> (state: StoreState, index: UInt64) {
        let index = try await self.proposer.readIndex()
        guard !self.closed else { throw ProposalError.closed }
        let waiter = CommitWaiter()
        if self.replica.awaitIndex(index, waiter) { try await waiter.wait() }
        return self.committed
    }

    /// All that a snapshot holds, with the group, under the promises of `linearizable`.
    package func linearizableSnapshot() async throws -> (snapshot: StoreSnapshot, index: UInt64) {
        _ = try await self.linearizable()
        return (self.replica.snapshot, self.replica.applied)
    }

    /// The committed state, and every commit after it; the feed ends when the watcher lags by more than
    /// `limit` commits or the store closes.
    ///
    /// Commits that change none of the `kinds` are left out.
    package func watch(
        limit: Int,
        of kinds: ObjectKinds = .all
    ) -> (state: StoreState, index: UInt64, commits: CommitFeed) {
        (self.replica.state, self.replica.applied, self.feed([], limit: limit, kinds))
    }

    /// The commits after `index`, if they are still in memory, and those that follow; nil if they are not,
    /// or if this manager hasn't got as far as `index` itself.
    package func watch(after index: UInt64, limit: Int) -> CommitFeed? {
        guard index <= self.replica.applied,
            let missed = self.history.after(index, version: self.replica.version)
        else { return nil }
        return self.feed(missed, limit: limit, .all)
    }

    private func feed(_ missed: [Commit], limit: Int, _ kinds: ObjectKinds) -> CommitFeed {
        let inbox = Inbox<Commit>(limit: limit + missed.count)
        inbox.put(missed)
        if self.closed { inbox.finish() } else { self.watchers.append(Watcher(inbox: inbox, kinds: kinds)) }
        return CommitFeed(inbox)
    }

    /// Whether this manager leads and takes updates, and since which term.
    package var leadership: Leadership { self.replica.leadership }

    /// Each change of `leadership`, the present value first; a slow reader finds the newest only.
    package func leaderships() -> AsyncStream<Leadership> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Leadership.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        continuation.yield(self.leadership)
        if self.closed { continuation.finish() } else { self.followers.append(continuation) }
        return stream
    }
}

/// This manager's part in the group.
package enum Leadership: Sendable, Equatable {
    case follower
    case leader(term: UInt64)
}

// MARK: - Proposing

extension ReplicatedStore {
    /// Hands the entry that `body` makes of a transaction on the speculative head to the log.
    private func write<Found>(
        _ body: (inout Transaction, UInt64) throws(EntryError) -> (found: Found, entry: [UInt8])
    ) throws(ProposalError) -> (found: Found, waiter: CommitWaiter?) {
        guard !self.closed else { throw .closed }
        let proposer = self.proposer
        return try self.replica.write(
            now: self.now(),
            waiter: { _ in CommitWaiter() },
            append: { entry, term throws(ProposalError) in try proposer.propose(entry, term: term) },
            body
        )
    }

    /// Returns when everything in the speculative head is committed.
    private func settleHead() async throws {
        let waiter = CommitWaiter()
        if self.replica.awaitHead(waiter) { try await waiter.wait() }
    }

    /// Returns when the speculative head is known to be what the group agreed on, and nobody else to have gone
    /// on from there before this call.
    ///
    /// The commit of what is under way does not prove that by itself: it may have happened long ago, and a new
    /// leader may have come since, while the news of both waits for the store. So the members are asked, and
    /// this manager must still lead when it has applied what they say.
    private func confirmHead() async throws {
        let leadership = self.leadership
        try await self.settleHead()
        _ = try await self.linearizable()
        guard self.leadership == leadership else { throw ProposalError.notLeader }
    }

    private static func isGone(_ result: AsyncStream<Leadership>.Continuation.YieldResult) -> Bool {
        if case .terminated = result { true } else { false }
    }
}

// MARK: - Applying

extension ReplicatedStore {
    private func follow(_ event: LogEvent) async throws -> [StoreOutcome<CommitWaiter>] {
        guard case .restored(let bytes, let index) = event else { return try self.replica.follow(event) }
        let snapshot = try await SnapshotReading.read(bytes)
        return self.replica.restore(snapshot, index: index)
    }

    private func handle(_ outcomes: [StoreOutcome<CommitWaiter>]) {
        var commits: [CommitHistory.Past] = []
        for outcome in outcomes {
            switch outcome {
            case .committed(let index, let changes): commits.append(.init(index: index, changes: changes))
            case .settled(let waiters, let error):
                for waiter in waiters { waiter.settle(error.map { .failure($0) } ?? .success(())) }
            case .restored(let index):
                self.publish(commits)
                commits = []
                self.history = CommitHistory(base: index, limits: self.limits)
                self.endWatchers()
            case .leadership(let leadership):
                self.followers.removeAll { Self.isGone($0.yield(leadership)) }
            case .digestDue(let part):
                if case .enqueued = self.digesting?.yield(part) { continue }
                self.replica.digestLost()
            }
        }
        self.publish(commits)
    }

    /// Tells the watchers, all of whom see the store behind the last of `commits`.
    ///
    /// The state is taken where somebody wants it only: while it is kept, changes copy what they touch.
    private func publish(_ commits: [CommitHistory.Past]) {
        for commit in commits { self.history.append(commit) }
        let kinds = commits.reduce(into: ObjectKinds()) { $0.formUnion(ObjectKinds(of: $1.changes)) }
        guard self.watchers.contains(where: { !$0.kinds.isDisjoint(with: kinds) }) else { return }
        let version = self.replica.version
        let seen = commits.map { Commit(index: $0.index, changes: $0.changes, version: version) }
        self.watchers.removeAll { !$0.put(seen, of: kinds) }
    }

    private func dueSnapshot() -> SnapshotRequest? {
        self.replica.dueSnapshot().map { SnapshotRequest(snapshot: $0.snapshot, index: $0.index) }
    }

    /// Has a snapshot of the committed state stored soon, whatever was committed since the last one.
    package func storeSnapshot() {
        self.replica.wantSnapshot()
        if let request = self.dueSnapshot() { self.taking?.yield(request) }
    }

    private func snapshotEnded(stored: Bool) -> SnapshotRequest? {
        self.replica.snapshotEnded(stored: stored)
        return self.dueSnapshot()
    }

    private func close() {
        self.closed = true
        self.handle(self.replica.close())
        self.endWatchers()
        for follower in self.followers { follower.finish() }
        self.followers = []
    }

    private func endWatchers() {
        for watcher in self.watchers { watcher.inbox.finish() }
        self.watchers = []
    }
}
