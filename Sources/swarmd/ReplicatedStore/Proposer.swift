package import StoreCore
package import SwarmAPI

/// An entry of the replicated log whose place is agreed and final.
package struct CommittedEntry: Sendable {
    package let index: UInt64
    /// A serialized `InternalRaftRequest`; empty for entries that carry no changes.
    package let data: [UInt8]

    package init(index: UInt64, data: [UInt8]) {
        self.index = index
        self.data = data
    }
}

/// Why a proposal was not, or may not have been, committed.
package enum ProposalError: Error, Equatable {
    /// This manager does not lead: nothing was proposed.
    case notLeader
    /// Leadership was lost while the entry was under way: it may yet be committed.
    case lostLeadership
    /// The entry is larger than `EntryLimits` allow: nothing was proposed.
    case tooLarge(bytes: Int)
    /// Too many bytes are in flight: nothing was proposed; try again later.
    case overloaded
    /// The log is shut down or failed.
    case closed
}

/// What can happen to a log, in order.
package enum LogEvent: Sendable {
    /// Entries were committed; they are to be applied in this order.
    case committed([CommittedEntry])
    /// This manager leads from now on; `next` is the index that its first entry will have.
    ///
    /// It comes after every entry of earlier terms was committed and delivered: while this manager leads,
    /// only its own entries carry changes.
    case becameLeader(term: UInt64, next: UInt64)
    /// This manager leads but takes no proposals, because it is handing leadership over.
    ///
    /// What it proposed is not in doubt by that.
    case pausedLeading
    /// Nobody took the leadership over: this manager takes proposals again, after those of before the pause.
    case resumedLeading(term: UInt64)
    /// This manager no longer leads; what it proposed and has not seen committed is in doubt.
    case lostLeadership
    /// The whole state was replaced by a snapshot that covers the log up to `index`.
    case restored(snapshot: [UInt8], index: UInt64)
    /// The group changed with the entry at `index`; snapshots from here on name it like this.
    case membership(SwarmClusterSnapshot, index: UInt64)

    /// The bytes of the entries in it.
    package var committedBytes: Int {
        if case .committed(let entries) = self { entries.reduce(0) { $0 + $1.data.count } } else { 0 }
    }

    /// The event in parts of at most `bytes` of entries each, or of one entry.
    func parts(of bytes: Int) -> [LogEvent] {
        guard case .committed(let entries) = self else { return [self] }
        var parts: [LogEvent] = []
        var start = entries.startIndex
        var size = 0
        for (position, entry) in entries.enumerated() {
            size += entry.data.count
            guard size > bytes, position > start else { continue }
            parts.append(.committed(Array(entries[start..<position])))
            (start, size) = (position, entry.data.count)
        }
        return start == 0 ? [self] : parts + [.committed(Array(entries[start...]))]
    }
}

/// Agrees with the other managers on the order of entries: the log as the store sees it.
///
/// Proposing does not wait: many entries are in flight and share one write to disk. A group of one
/// member is a proposer too.
package protocol Proposer: Sendable {
    /// What happens, from the first entry after the newest snapshot on. For one consumer.
    var events: AsyncStream<LogEvent> { get }

    /// Appends `data` after all that was proposed before; returns the index that it will have if it commits.
    ///
    /// `term` is the one of the `becameLeader` on whose state the data was computed: in any other it is refused.
    func propose(_ data: [UInt8], term: UInt64) throws(ProposalError) -> UInt64

    /// An index that covers everything that was acknowledged anywhere before this call (architecture D7).
    ///
    /// A state at that index or later answers a linearizable read. Throws `notLeader` when no leader is found
    /// in time.
    func readIndex() async throws(ProposalError) -> UInt64

    /// Where the log stands.
    var status: LogStatus { get }

    /// Says that a snapshot of the store at `index` may replace the log up to there; returns when it is stored.
    ///
    /// The slices, one behind the other, are its bytes. They are asked for one by one, on a thread that nothing
    /// else waits for.
    func compact(upTo index: UInt64, snapshot: some Sequence<[UInt8]> & Sendable) async throws

    /// Says what the store amounts to at `index`, for the other members to compare.
    func share(_ digest: StateDigest, at index: UInt64)
}
