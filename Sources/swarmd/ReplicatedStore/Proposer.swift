package import Primitives
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
    /// This manager no longer leads; what it proposed and has not seen committed is in doubt.
    case lostLeadership
    /// The whole state was replaced by a snapshot that covers the log up to `index`.
    case restored(snapshot: [UInt8], index: UInt64)
    /// The group changed with the entry at `index`; snapshots from here on name it like this.
    case membership(SwarmClusterSnapshot, index: UInt64)
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
}

/// Where a log and its group stand, for the console.
package struct LogStatus: Sendable, Equatable {
    /// The raft identifier of the leader; 0 while there is none.
    package var leader: UInt64 = 0
    /// This member's own.
    package var member: UInt64 = 0
    /// How far each member is, as the leader knows it; only the leader has more than itself.
    package var peers: [PeerStatus] = []
    /// The last changes of role of this member, oldest first.
    package var history: [RoleChange] = []
    package var term: UInt64
    package var commitIndex: UInt64
    package var firstIndex: UInt64
    package var snapshotIndex: UInt64
    package var bytesOnDisk: UInt64

    package init(
        term: UInt64,
        commitIndex: UInt64,
        firstIndex: UInt64,
        snapshotIndex: UInt64,
        bytesOnDisk: UInt64
    ) {
        self.term = term
        self.commitIndex = commitIndex
        self.firstIndex = firstIndex
        self.snapshotIndex = snapshotIndex
        self.bytesOnDisk = bytesOnDisk
    }
}

/// How far the leader got with a member.
package struct PeerStatus: Sendable, Equatable {
    package var member: UInt64
    /// Whether it votes or only learns.
    package var isLearner: Bool
    /// The last index known to be in its log, and the next that it is sent.
    package var match: UInt64
    package var next: UInt64
    /// "probe", "replicate" or "snapshot".
    package var progress: String
    /// Whether it answered within the last election time-out.
    package var isActive: Bool
    /// When it was last heard of; nil if never, and for this member itself.
    package var lastContact: Timestamp?

    package init(
        member: UInt64,
        isLearner: Bool,
        match: UInt64,
        next: UInt64,
        progress: String,
        isActive: Bool,
        lastContact: Timestamp?
    ) {
        self.member = member
        self.isLearner = isLearner
        self.match = match
        self.next = next
        self.progress = progress
        self.isActive = isActive
        self.lastContact = lastContact
    }
}

/// A change of a member's role, for the console's election history.
package struct RoleChange: Sendable, Equatable {
    package var at: Timestamp
    package var term: UInt64
    /// What happened, in a few words: "leader", "follower of 1f", "candidate".
    package var event: String

    package init(at: Timestamp, term: UInt64, event: String) {
        self.at = at
        self.term = term
        self.event = event
    }
}
