import RaftCore

/// What a member takes and keeps at most, and its timers.
package struct GroupLimits: Sendable {
    /// The size of an entry's data (SwarmKit's `MaxTransactionBytes`).
    package var entryBytes = 1_572_864
    /// Bytes proposed that the store did not take yet.
    package var bytesInFlight = 64 << 20
    /// How long proposals gather at most, for others to come along or for those before them to be committed.
    ///
    /// A round trip to another member under load; what it costs when the members are far from each other.
    package var gathering = Duration.milliseconds(4)
    /// Proposed bytes that go to raft without gathering further.
    package var flushBytes = 256 << 10
    /// Proposals that go to raft without gathering further, once those before them are committed.
    package var flushCount = 256
    /// Bytes that one write to disk takes; what waits beyond goes into the next.
    package var batchBytes = 4 << 20
    /// A disk that takes longer than this for a write of late gets a thread of its own for the next.
    package var quickWrite = Duration.milliseconds(2)
    /// Bytes that are too many to be written without a thread of their own.
    package var quickBytes = 256 << 10
    /// Bytes of entries in one message to a member.
    package var messageBytes: UInt64 = 1 << 20
    /// Messages with entries that a member may not have answered (SwarmKit's `MaxInflightMsgs`).
    package var inflightMessages = 256
    /// Bytes of entries that a member may not have answered.
    package var inflightBytes: UInt64 = 32 << 20
    /// Bytes of committed entries handed over at a time.
    package var committedBytes: UInt64 = 8 << 20
    /// Entries kept in the log behind a snapshot (SwarmKit's `log_entries_for_slow_followers`).
    package var keptEntries: UInt64 = 500
    /// The length of a tick (architecture §6).
    package var tick = Duration.milliseconds(100)
    /// Ticks without a word of the leader before an election, and up to twice as many.
    package var electionTicks = 10
    /// Ticks between two heartbeats.
    package var heartbeatTicks = 1
    /// How long a read waits for the leader to be confirmed, in ticks.
    package var readTicks = 20
    /// How long a change of the group may take, in ticks.
    package var changeTicks = 50
    /// Reads that may wait.
    package var readsWaiting = 10_000

    package init() {}

    /// Raft's settings with these limits.
    func configuration(id: RaftID, applied: UInt64, seed: UInt64) -> RaftConfiguration {
        var configuration = RaftConfiguration(id: id)
        configuration.electionTick = self.electionTicks
        configuration.heartbeatTick = self.heartbeatTicks
        configuration.maxSizePerMessage = self.messageBytes
        configuration.maxCommittedSizePerReady = self.committedBytes
        configuration.maxUncommittedBytes = UInt64(self.bytesInFlight) * 2
        configuration.maxInflightMessages = self.inflightMessages
        configuration.maxInflightBytes = self.inflightBytes
        configuration.checkQuorum = true
        configuration.preVote = true
        configuration.readOnly = .safe
        configuration.asyncStorageWrites = true
        configuration.disableProposalForwarding = true
        // A leader that is removed hands over (`Member`); stepping down at once could leave the others without
        // the votes that they need.
        configuration.stepDownOnRemoval = false
        configuration.tellsCommitInRefusals = true
        configuration.applied = applied
        configuration.seed = seed
        return configuration
    }
}
