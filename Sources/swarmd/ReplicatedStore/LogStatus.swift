package import Primitives

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
    package var isLearner = false
    /// The last index known to be in its log, and the next that it is sent.
    package var match: UInt64 = 0
    package var next: UInt64 = 0
    /// "probe", "replicate" or "snapshot".
    package var progress = ""
    /// Whether it answers: it was heard of within two election time-outs, and its connection not lost since.
    package var isActive = false
    /// When it was last heard of; nil if never, and for this member itself.
    package var lastContact: Timestamp?

    package init(member: UInt64) { self.member = member }
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
