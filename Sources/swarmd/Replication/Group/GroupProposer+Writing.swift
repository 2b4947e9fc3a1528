import Dispatch
import RaftCore
import ReplicatedStore
import Synchronization

// The log's writer: at most one thread at a time, the queue's or one that pumps.

extension GroupProposer {
    /// Writes what waits, batch by batch, until nothing does.
    func drain() {
        while let (batch, result) = self.writeBatch() {
            switch result {
            case .failure(let error): return self.fail(error)
            case .success(let (bytes, duration)):
                self.state.withLock { state in
                    state.writing = (state.writing * 3 + duration) / 4
                    state.bytesOnDisk = bytes
                    state.member.written(batch)
                    // What follows from it is not carried out before the pump below.
                    state.pumpAgain = true
                }
            }
            self.pump()
        }
    }

    /// Writes the next batch; nil when nothing waits.
    ///
    /// Batches are taken by who holds the writer, so that they keep their order whoever writes.
    private func writeBatch() -> (batch: [LogWrite], result: Result<(UInt64, Duration), LogError>)? {
        self.writer.withLock { writer in
            guard let batch = self.state.withLock({ $0.takeWrites(self.limits.batchBytes) }) else {
                return nil
            }
            let start = ContinuousClock.now
            do throws(LogError) {
                try writer.perform(batch)
                let duration = start.duration(to: .now)
                return (batch, .success((writer.storage.log.bytesOnDisk, duration)))
            } catch {
                return (batch, .failure(error))
            }
        }
    }

    /// Puts the log out of service for good.
    func fail(_ error: LogError) {
        let (waiters, isEndDue) = self.state.withLock { state in
            (state.isOpen, state.hasFailed) = (false, true)
            return (state.reads.end(), state.isEndDue)
        }
        for waiter in waiters { waiter.resume(returning: .failure(.closed)) }
        self.outbox.finish()
        self.failing.yield(error)
        self.failing.finish()
        if isEndDue { self.writing.async { @Sendable in self.finish() } }
    }

    func shorten(upTo index: UInt64) throws(LogError) {
        guard !self.state.withLock({ $0.isFinished }) else { throw .closed }
        let kept = index > self.limits.keptEntries ? index - self.limits.keptEntries : 0
        let result: Result<(first: UInt64, bytes: UInt64), LogError> = self.writer.withLock { writer in
            do throws(LogError) {
                try writer.shorten(through: kept, covered: index)
                return .success((writer.storage.log.firstIndex, writer.storage.log.bytesOnDisk))
            } catch {
                return .failure(error)
            }
        }
        let (first, bytes) = try result.get()
        self.state.withLock { state in
            state.member.compacted(upTo: index, keeping: self.limits.keptEntries)
            state.snapshotIndex = index
            state.firstIndex = first
            state.bytesOnDisk = bytes
        }
    }

    func perform(
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
