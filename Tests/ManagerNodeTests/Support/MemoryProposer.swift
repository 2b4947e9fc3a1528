import ReplicatedStore
import StoreCore
import Synchronization

/// A group of one whose log is memory: it leads from the start and commits at once.
final class MemoryProposer: Proposer {
    let events: AsyncStream<LogEvent>
    private let continuation: AsyncStream<LogEvent>.Continuation
    private let next = Mutex<UInt64>(1)

    /// Leads term 1; at most `limit` events wait for the store.
    init(limit: Int = 1 << 16) {
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
        self.continuation.yield(.becameLeader(term: 1, next: 1))
    }

    /// How many entries were proposed.
    var proposed: UInt64 { self.next.withLock { $0 - 1 } }

    func propose(_ data: [UInt8], term: UInt64) throws(ProposalError) -> UInt64 {
        self.next.withLock { next in
            defer { next += 1 }
            self.continuation.yield(.committed([CommittedEntry(index: next, data: data)]))
            return next
        }
    }

    func readIndex() async throws(ProposalError) -> UInt64 { self.proposed }

    /// Takes the leadership away.
    func depose() { self.continuation.yield(.lostLeadership) }

    var status: LogStatus {
        var status = LogStatus(
            term: 1,
            commitIndex: self.proposed,
            firstIndex: 1,
            snapshotIndex: 0,
            bytesOnDisk: 0
        )
        (status.member, status.leader) = (5, 5)
        return status
    }

    func compact(upTo index: UInt64, snapshot: some Sequence<[UInt8]> & Sendable) async throws {}

    func share(_ digest: StateDigest, at index: UInt64) {}
}
