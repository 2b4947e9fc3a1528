import Dispatch
package import ReplicatedStore
package import SwarmAPI
import SwiftProtobuf
import Synchronization

/// What a group of one member takes at most.
package struct SoloLimits: Sendable {
    /// The size of an entry's data (SwarmKit's `MaxTransactionBytes`).
    package var entryBytes = 1_572_864
    /// Bytes proposed that the store did not take yet.
    package var bytesInFlight = 64 << 20
    /// Bytes that one write takes; what waits beyond goes into the next.
    package var batchBytes = 4 << 20
    /// Entries handed over at a time after a restart.
    package var recoveryChunk = 256
    /// Entries kept in the log behind a snapshot (SwarmKit's `log_entries_for_slow_followers`).
    package var keptEntries: UInt64 = 500

    package init() {}
}

/// A group of one member: what is durable is committed.
///
/// One writer, on a queue of its own, takes everything that waits, writes it at once and syncs it once; so
/// many proposals share the price of one `fdatasync`. A failed write or sync closes the log for good.
package final class SoloProposer: Proposer {
    package let events: AsyncStream<LogEvent>

    private let limits: SoloLimits
    private let outbox = EventOutbox()
    private let state: Mutex<SoloState>
    private let storage: Mutex<LogStorage>
    private let writer = DispatchQueue(label: "swarmd.log.writer", qos: .userInitiated)
    private let snapshotWriter = DispatchQueue(label: "swarmd.log.snapshots", qos: .utility)
    private let failures: AsyncStream<LogError>
    private let failing: AsyncStream<LogError>.Continuation

    /// Begins a term of `member` on the log in `storage`, and puts what the log holds into `events`.
    ///
    /// In a new log the first entry is the member's addition to the group, as in SwarmKit; every term
    /// begins with an empty entry. Returns when both are durable.
    package init(
        storage: consuming LogStorage,
        member: SwarmRaftMember,
        limits: SoloLimits = SoloLimits()
    ) throws(LogError) {
        let term = SoloTerm(storage.contents, snapshot: storage.snapshot, member: member)
        try storage.log.append(term.records)
        self.limits = limits
        self.events = self.outbox.stream()
        (self.failures, self.failing) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        self.state = Mutex(
            SoloState(
                term: term.term,
                nextIndex: term.next,
                terms: term.terms,
                status: LogStatus(
                    term: term.term,
                    commitIndex: term.next - 1,
                    firstIndex: storage.log.firstIndex,
                    snapshotIndex: storage.snapshot?.index ?? 0,
                    bytesOnDisk: storage.log.bytesOnDisk
                )
            )
        )
        if let snapshot = storage.snapshot {
            self.outbox.post(.restored(snapshot: snapshot.bytes, index: snapshot.index))
        }
        var entries = term.committed[...]
        while !entries.isEmpty {
            self.outbox.post(.committed(Array(entries.prefix(limits.recoveryChunk))))
            entries = entries.dropFirst(limits.recoveryChunk)
        }
        self.outbox.post(.becameLeader(term: term.term, next: term.next))
        self.storage = Mutex(storage)
    }

    /// Waits for the log's end.
    ///
    /// Throws the `LogError` that put it out of service; when cancelled, it writes what was proposed and
    /// closes the log.
    package func run() async throws {
        for await failure in self.failures { throw failure }
        await self.close()
    }

    /// Writes what was proposed, marks the log as whole, and ends `events`.
    package func close() async {
        self.state.withLock { $0.isOpen = false }
        await withCheckedContinuation { continuation in
            self.writer.async { @Sendable in
                self.finish()
                continuation.resume()
            }
        }
    }

    package func propose(_ data: [UInt8]) throws(ProposalError) -> UInt64 {
        guard data.count <= self.limits.entryBytes else { throw .tooLarge(bytes: data.count) }
        let waiting = self.outbox.bytes
        let result: Result<(index: UInt64, wake: Bool), ProposalError> = self.state.withLock { state in
            guard state.isOpen else { return .failure(.closed) }
            guard state.queuedBytes + waiting + data.count <= self.limits.bytesInFlight else {
                return .failure(.overloaded)
            }
            return .success(state.enqueue(data))
        }
        let (index, wake) = try result.get()
        if wake { self.writer.async { @Sendable in self.drain() } }
        return index
    }

    package var status: LogStatus { self.state.withLock { $0.status } }

    /// What the log did since it was opened.
    package var counters: LogCounters { self.storage.withLock { $0.log.counters } }

    package func compact(upTo index: UInt64, snapshot: [UInt8]) async throws {
        let (term, snapshots) = try self.state.withLock { state in
            precondition(
                index <= state.status.commitIndex,
                "a snapshot at \(index) of \(state.status.commitIndex)"
            )
            guard state.isOpen else { throw LogError.closed }
            return (state.term(at: index), self.snapshots)
        }
        let stored = StoredSnapshot(term: term, index: index, bytes: snapshot)
        try await self.perform(on: self.snapshotWriter) { () throws(LogError) in try snapshots.store(stored) }
        try await self.perform(on: self.writer) { () throws(LogError) in try self.shorten(upTo: index) }
    }
}

// MARK: - On the writer's queue

extension SoloProposer {
    /// Writes what waits, batch by batch, until nothing does.
    private func drain() {
        while let batch = self.state.withLock({ $0.takeBatch(self.limits.batchBytes) }) {
            do throws(LogError) {
                try self.write(batch.map(LogRecord.entry))
            } catch {
                self.fail(error)
                return
            }
            let last = batch[batch.count - 1].index
            self.state.withLock { $0.status.commitIndex = last }
            self.outbox.post(.committed(batch.map { CommittedEntry(index: $0.index, data: $0.data) }))
            self.state.withLock { $0.release(batch) }
        }
    }

    private func write(_ records: [LogRecord]) throws(LogError) {
        let result: Result<UInt64, LogError> = self.storage.withLock { storage in
            do throws(LogError) {
                try storage.log.append(records)
                return .success(storage.log.bytesOnDisk)
            } catch {
                return .failure(error)
            }
        }
        let bytes = try result.get()
        self.state.withLock { $0.status.bytesOnDisk = bytes }
    }

    private func finish() {
        self.drain()
        guard self.state.withLock({ $0.finish() }) else { return }
        // Without the mark the next start can't tell damage of the last write from a torn one. Nothing
        // depends on it, so a failure here changes nothing.
        try? self.write([.mark])
        self.storage.withLock { $0.unlock() }
        self.outbox.finish()
        self.failing.finish()
    }

    private func fail(_ error: LogError) {
        self.state.withLock { state in
            state.isOpen = false
            state.queue.removeAll()
        }
        self.outbox.finish()
        self.failing.yield(error)
        self.failing.finish()
    }

    private func shorten(upTo index: UInt64) throws(LogError) {
        guard !self.state.withLock({ $0.isFinished }) else { throw .closed }
        let kept = index > self.limits.keptEntries ? index - self.limits.keptEntries : 0
        let result: Result<(first: UInt64, bytes: UInt64), LogError> = self.storage.withLock { storage in
            do throws(LogError) {
                try storage.log.removeSegments(through: kept)
                return .success((storage.log.firstIndex, storage.log.bytesOnDisk))
            } catch {
                return .failure(error)
            }
        }
        let (first, bytes) = try result.get()
        self.state.withLock { state in
            state.status.snapshotIndex = index
            state.status.firstIndex = first
            state.status.bytesOnDisk = bytes
            state.forgetTerms(before: index)
        }
    }
}

extension SoloProposer {
    private var snapshots: SnapshotFiles { self.storage.withLock { $0.snapshots } }

    private func perform(
        on queue: DispatchQueue,
        _ work: @escaping @Sendable () throws(LogError) -> Void
    ) async throws(LogError) {
        let result: Result<Void, LogError> = await withCheckedContinuation { continuation in
            queue.async { @Sendable in
                do throws(LogError) {
                    try work()
                    continuation.resume(returning: .success(()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        try result.get()
    }
}
