/// How a member behaves; the names and meanings follow etcd's `raft.Config`.
package struct RaftConfiguration: Sendable, Equatable {
    /// How a leader makes sure that it still leads before it answers a read.
    package enum ReadMode: Sendable, Equatable {
        /// It asks a quorum, with every read or with many at once.
        case safe
        /// It relies on the followers' patience while a quorum answered recently, and asks otherwise.
        ///
        /// Clocks that run at different speeds, and followers that restart, can break the promise.
        case leaseBased
    }

    /// Who the member is.
    package var id: RaftID
    /// For how many ticks a follower waits for its leader, before chance adds up to as many again.
    package var electionTick: Int
    /// Every how many ticks a leader speaks.
    package var heartbeatTick: Int
    /// How many bytes of entries one message carries; at least one entry goes whatever its size.
    package var maxSizePerMessage: UInt64
    /// How many bytes of committed entries are handed out before some are reported as applied.
    ///
    /// 0 means as many as a message carries.
    package var maxCommittedSizePerReady: UInt64
    /// How many bytes of payload a leader accepts before some are committed; 0 for no limit.
    package var maxUncommittedBytes: UInt64
    /// How many messages with entries may be on their way to one follower.
    package var maxInflightMessages: Int
    /// How many bytes of payload may be on their way to one follower; 0 for no limit.
    package var maxInflightBytes: UInt64
    /// How many reads may wait for confirmation.
    package var maxReadsPending: Int
    /// Whether a leader that hears of no quorum steps down, and whether members with a leader ignore
    /// candidates.
    package var checkQuorum: Bool
    /// Whether a member asks before it stands for election.
    package var preVote: Bool
    /// How reads are confirmed; leases need `checkQuorum`.
    package var readOnly: ReadMode
    /// Whether durable writes and applying are messages rather than parts of `Ready`.
    package var asyncStorageWrites: Bool
    /// Whether followers drop proposals instead of passing them to the leader.
    package var disableProposalForwarding: Bool
    /// Whether a leader that is removed or demoted steps down at once.
    ///
    /// It does so before the others know that they may go on without it. If its log is longer than theirs
    /// they may need its vote and not get it, for ever. A driver that can should hand leadership over
    /// instead.
    package var stepDownOnRemoval: Bool
    /// Whether who refuses a vote says how far its log is committed.
    ///
    /// A candidate that was restarted may not know of a change of the group that is committed, and may need the
    /// vote of a member whose log is longer and which that change removed: neither could ever lead. etcd's members
    /// say nothing and do not listen; TiKV's do (raft-rs, `maybe_commit_by_vote`).
    package var tellsCommitInRefusals: Bool
    /// Whether proposed configuration changes are taken unseen.
    package var disableConfigurationChangeValidation: Bool
    /// Up to where the state machine has applied the log; for restarts.
    package var applied: UInt64
    /// Where the member's chance begins; members of one group may share it.
    package var seed: UInt64

    /// A member with etcd's usual limits; change what differs.
    package init(id: RaftID, electionTick: Int = 10, heartbeatTick: Int = 1, seed: UInt64 = 0) {
        self.id = id
        self.electionTick = electionTick
        self.heartbeatTick = heartbeatTick
        self.maxSizePerMessage = .max
        self.maxCommittedSizePerReady = 0
        self.maxUncommittedBytes = 0
        self.maxInflightMessages = 256
        self.maxInflightBytes = 0
        self.maxReadsPending = 4096
        self.checkQuorum = false
        self.preVote = false
        self.readOnly = .safe
        self.asyncStorageWrites = false
        self.disableProposalForwarding = false
        self.stepDownOnRemoval = false
        self.tellsCommitInRefusals = false
        self.disableConfigurationChangeValidation = false
        self.applied = 0
        self.seed = seed
    }

    /// Traps if the values contradict one another.
    func check() {
        precondition(self.id != .none && !self.id.isLocalThread, "\(self.id) can't name a member")
        precondition(self.heartbeatTick > 0, "a heartbeat every \(self.heartbeatTick) ticks")
        precondition(
            self.electionTick > self.heartbeatTick,
            "an election after \(self.electionTick) ticks, but a heartbeat every \(self.heartbeatTick)"
        )
        precondition(self.maxInflightMessages > 0, "\(self.maxInflightMessages) messages on their way")
        precondition(
            self.maxInflightBytes == 0 || self.maxInflightBytes >= self.maxSizePerMessage,
            "\(self.maxInflightBytes) bytes on their way, but messages of \(self.maxSizePerMessage)"
        )
        precondition(self.maxReadsPending > 0, "\(self.maxReadsPending) waiting reads")
        precondition(
            self.readOnly != .leaseBased || self.checkQuorum,
            "reads by lease need followers that ignore candidates"
        )
    }
}
