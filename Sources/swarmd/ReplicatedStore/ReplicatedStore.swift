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

    private var state = StoreState()
    private var applied: UInt64 = 0
    private var membership: SwarmClusterSnapshot
    private var snapshotIndex: UInt64 = 0
    private var history: CommitHistory

    private var head: SpeculativeHead?
    private var proposals = FIFO<Proposal>()
    private var bytesInFlight = 0
    private var nextRequest = UInt64.random(in: 1...UInt64.max)
    private var closed = false

    private var watchers: [BoundedWatcher<Commit>] = []
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
        self.membership = membership
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
        defer { self.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await SnapshotTaker(proposer: self.proposer, logger: self.logger).run(requests) }
            defer { taking.finish() }
            for await event in self.proposer.events {
                try self.handle(event)
                if let request = self.dueSnapshot() { taking.yield(request) }
            }
            if !Task.isCancelled { throw ProposalError.closed }
        }
    }

    /// The committed state and the index of the last commit in it.
    package var committed: (state: StoreState, index: UInt64) { (self.state, self.applied) }

    /// Runs `body` on the speculative head and returns when its changes are committed.
    ///
    /// A body that throws or changes nothing proposes nothing; in the second case the call returns when
    /// what the body saw is committed. Throws what `body` throws, or a `ProposalError`; a cancelled caller
    /// gets `CancellationError` at once, and its entry may still be committed.
    @discardableResult
    package func update<Result: Sendable>(
        _ body: @Sendable (inout Transaction) throws -> Result
    ) async throws -> Result {
        let head = try self.currentHead()
        var transaction = Transaction(on: head.state, version: head.version, now: self.now())
        let result = try body(&transaction)
        guard !transaction.changes.isEmpty else {
            try await self.settleHead()
            return result
        }
        let id = self.takeRequest()
        let entry: [UInt8]
        do throws(EntryError) { entry = try StoreEntry.encode(transaction.changes, id: id) } catch {
            throw Self.refusal(error)
        }
        try await self.propose(transaction, entry: entry, id: id).wait()
        return result
    }

    /// Commits a reconciler's edits in as many entries as they need, and returns how many edits were dropped
    /// because other writers overtook them.
    ///
    /// The parts are proposed one behind the other without waiting. When the call throws, some of them may
    /// have been committed.
    @discardableResult
    package func updateInBatches(_ edits: [StoreEdit]) async throws -> Int {
        var batches = EditBatches(edits)
        var waiters = FIFO<CommitWaiter>()
        var dropped = 0
        while true {
            if self.bytesInFlight > self.limits.bytesInFlight / 2, let oldest = waiters.popFirst() {
                try await oldest.wait()
                continue
            }
            guard let batch = try self.next(of: &batches) else { break }
            dropped += batch.dropped
            if let waiter = batch.waiter { waiters.append(waiter) }
        }
        while let waiter = waiters.popFirst() { try await waiter.wait() }
        try await self.settleHead()
        return dropped
    }

    /// The committed state, and every commit after it; the stream ends when the watcher lags by more than
    /// `limit` commits or the store closes.
    package func watch(limit: Int) -> (state: StoreState, index: UInt64, commits: AsyncStream<Commit>) {
        let watcher = BoundedWatcher<Commit>(limit: limit)
        if self.closed { watcher.finish() } else { self.watchers.append(watcher) }
        return (self.state, self.applied, watcher.events)
    }

    /// The commits after `index`, if they are still in memory, and those that follow; nil if they are not,
    /// or if this manager hasn't got as far as `index` itself.
    package func watch(after index: UInt64, limit: Int) -> AsyncStream<Commit>? {
        guard index <= self.applied, let missed = self.history.after(index) else { return nil }
        let watcher = BoundedWatcher<Commit>(limit: limit + missed.count)
        for commit in missed { _ = watcher.offer(commit) }
        if self.closed { watcher.finish() } else { self.watchers.append(watcher) }
        return watcher.events
    }

    /// Whether this manager leads, and since which term.
    package private(set) var leadership: Leadership = .follower {
        didSet { self.followers.removeAll { Self.isGone($0.yield(self.leadership)) } }
    }

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
    private func currentHead() throws(ProposalError) -> SpeculativeHead {
        if let head = self.head { return head }
        throw self.closed ? .closed : .notLeader
    }

    /// Makes the next part of `batches` and proposes it.
    private func next(of batches: inout EditBatches) throws -> (dropped: Int, waiter: CommitWaiter?)? {
        let head = try self.currentHead()
        let id = self.takeRequest()
        let part: EditBatch?
        do throws(EntryError) {
            part = try batches.next(on: head.state, version: head.version, id: id, now: self.now())
        } catch {
            throw Self.refusal(error)
        }
        guard let part else { return nil }
        guard !part.entry.isEmpty else { return (part.dropped, nil) }
        return (part.dropped, try self.propose(part.transaction, entry: part.entry, id: id))
    }

    /// Hands an entry to the log and makes its state the speculative head.
    private func propose(
        _ transaction: Transaction,
        entry: [UInt8],
        id: UInt64
    ) throws(ProposalError) -> CommitWaiter {
        guard self.proposals.isEmpty || self.bytesInFlight + entry.count <= self.limits.bytesInFlight else {
            throw .overloaded
        }
        let index = try self.proposer.propose(entry)
        precondition(
            index > transaction.version,
            "entry \(index) is not after version \(transaction.version)"
        )
        let waiter = CommitWaiter()
        self.head = SpeculativeHead(state: transaction.state, next: index + 1)
        self.bytesInFlight += entry.count
        self.proposals.append(
            Proposal(
                id: id,
                changes: transaction.changes,
                state: transaction.state,
                bytes: entry.count,
                waiters: [waiter]
            )
        )
        return waiter
    }

    /// Returns when everything in the speculative head is committed.
    private func settleHead() async throws {
        guard !self.proposals.isEmpty else { return }
        let waiter = CommitWaiter()
        self.proposals.updateLast { $0.waiters.append(waiter) }
        try await waiter.wait()
    }

    private func takeRequest() -> UInt64 {
        defer { self.nextRequest = self.nextRequest == .max ? 1 : self.nextRequest + 1 }
        return self.nextRequest
    }

    private static func refusal(_ error: EntryError) -> ProposalError {
        guard case .tooLarge(_, let bytes) = error else {
            preconditionFailure("encoding failed with \(error)")
        }
        return .tooLarge(bytes: bytes)
    }

    private static func isGone(_ result: AsyncStream<Leadership>.Continuation.YieldResult) -> Bool {
        if case .terminated = result { true } else { false }
    }
}

// MARK: - Applying

extension ReplicatedStore {
    private func handle(_ event: LogEvent) throws {
        switch event {
        case .committed(let entries): for entry in entries { try self.apply(entry) }
        case .becameLeader(let term, let next):
            precondition(next > self.applied, "the term's first entry is \(next), applied is \(self.applied)")
            self.head = SpeculativeHead(state: self.state, next: next)
            self.leadership = .leader(term: term)
        case .lostLeadership:
            self.dropHead(.lostLeadership)
        case .restored(let bytes, let index):
            try self.restore(bytes, index: index)
        }
    }

    private func apply(_ entry: CommittedEntry) throws {
        precondition(entry.index > self.applied, "entry \(entry.index) after \(self.applied)")
        if let proposal = self.proposals.first, StoreEntry.id(of: entry.data) == proposal.id {
            self.proposals.popFirst()
            self.bytesInFlight -= proposal.bytes
            self.advance(to: entry.index, proposal.state, proposal.changes)
            for waiter in proposal.waiters { waiter.settle(.success(())) }
        } else if entry.data.isEmpty {
            self.applied = entry.index
        } else {
            precondition(self.head == nil, "entry \(entry.index) of another leader during a term of our own")
            var state = self.state
            let changes = try state.apply(StoreEntry.decode(entry.data))
            self.advance(to: entry.index, state, changes)
        }
    }

    private func advance(to index: UInt64, _ state: StoreState, _ changes: [StoreChange]) {
        self.state = state
        self.applied = index
        guard !changes.isEmpty else { return }
        let commit = Commit(index: index, changes: changes, state: state)
        self.history.append(commit)
        self.watchers.removeAll { !$0.offer(commit) }
    }

    /// Takes over a whole state.
    ///
    /// Watchers are cut off, since nobody knows the commits in between.
    private func restore(_ bytes: [UInt8], index: UInt64) throws {
        precondition(self.head == nil, "a snapshot at \(index) during a term of our own")
        let snapshot = try StoreSnapshot(bytes: bytes)
        self.state = snapshot.state
        self.membership = snapshot.membership
        self.applied = index
        self.snapshotIndex = index
        self.history = CommitHistory(base: index, limits: self.limits)
        self.endWatchers()
    }

    private func dropHead(_ reason: ProposalError) {
        self.head = nil
        let proposals = self.proposals
        self.proposals.removeAll()
        self.bytesInFlight = 0
        self.leadership = .follower
        for waiter in proposals.contents.flatMap(\.waiters) { waiter.settle(.failure(reason)) }
    }

    /// What to write if a snapshot is due; asked for once per interval.
    private func dueSnapshot() -> SnapshotRequest? {
        guard self.applied >= self.snapshotIndex + self.limits.snapshotInterval else { return nil }
        self.snapshotIndex = self.applied
        let snapshot = StoreSnapshot(state: self.state, membership: self.membership)
        return SnapshotRequest(snapshot: snapshot, index: self.applied)
    }

    private func close() {
        self.closed = true
        self.dropHead(.closed)
        self.endWatchers()
        for follower in self.followers { follower.finish() }
        self.followers = []
    }

    private func endWatchers() {
        for watcher in self.watchers { watcher.finish() }
        self.watchers = []
    }
}
