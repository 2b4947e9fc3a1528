/// A member of a raft group, for one driver that feeds it and does what it asks for.
///
/// The driver calls `tick` at regular times, `step` with what arrives, and the requests below; whenever
/// `hasReady` says so it takes `ready`, does what that says, and calls `advance`. The node itself does
/// nothing but compute: a copy given the same inputs does the same.
package struct RaftNode: Sendable {
    var raft: Raft
    var previousSoftState: SoftState
    var previousHardState: HardState
    /// What the node tells itself once a `Ready` is done.
    var acknowledgements: [Message] = []
    var awaitsAdvance = false

    /// Continues from what is durable; a new member begins with an empty log, or with a snapshot of the
    /// group.
    ///
    /// Contradictions between the log and the configuration are traps: whoever reads the disk checks them.
    package init(_ configuration: RaftConfiguration, log: StableLog) {
        self.raft = Raft(configuration, log: log)
        self.previousSoftState = self.raft.softState
        self.previousHardState = self.raft.hardState
    }

    /// Founds a group: appends and applies the addition of each member, as etcd does, in term 1.
    ///
    /// Every founder must be given the same members in the same order. The additions come out of `ready` as
    /// committed, and are to be applied again.
    package mutating func bootstrap(_ founders: [(id: RaftID, context: [UInt8])]) {
        precondition(!founders.isEmpty, "a group without members")
        precondition(
            self.raft.log.lastIndex == 0,
            "founded on a log that ends at \(self.raft.log.lastIndex)"
        )
        self.previousHardState = HardState()
        self.raft.found(founders)
    }

    // MARK: State

    /// What the node takes for durable.
    ///
    /// Between `ready` and `advance` it must become what `ready` says (see `persisted`); at any time the
    /// driver may record a snapshot of its state machine and compact what is applied.
    package var log: StableLog {
        get { self.raft.log.stable }
        _modify { yield &self.raft.log.stable }
    }

    /// Who the member is.
    package var id: RaftID { self.raft.id }

    /// The term it is in.
    package var term: UInt64 { self.raft.term }

    /// What it is doing.
    package var role: Role { self.raft.role }

    /// Whom it takes for the leader, or `.none`.
    package var leader: RaftID { self.raft.leader }

    /// The index of its last entry, durable or not.
    package var lastIndex: UInt64 { self.raft.log.lastIndex }

    /// Up to where the log is committed.
    package var commitIndex: UInt64 { self.raft.log.committed }

    /// Everything worth showing.
    package var status: RaftStatus { RaftStatus(self.raft) }

    /// Whether it leads and an entry of its term is committed, so that reads of its state can be current.
    package var hasCommittedInTerm: Bool { self.raft.role == .leader && self.raft.hasCommittedInTerm }

    /// Whether a leader may answer reads at once: within the patience of a quorum of followers.
    ///
    /// Needs `checkQuorum`. Safe as long as ticks pass equally fast everywhere and followers do not restart.
    package var isLeaseValid: Bool { self.raft.hasLease }

    /// The ticks that every member waits at least before it stands for election.
    package var electionTick: Int { self.raft.timer.electionTick }

    /// What happened since the last call, oldest first; of very much, the newest.
    package mutating func takeEvents() -> [RaftEvent] { self.raft.takeEvents() }

    // MARK: Time

    /// Lets one tick pass.
    package mutating func tick() { self.raft.tick() }

    /// Changes for how long a leader's silence is borne, and how often it speaks, from now on.
    ///
    /// Meant for a leader that is slow for a while. A lease never lasts longer than the configuration says.
    package mutating func setTicks(election: Int, heartbeat: Int) {
        precondition(
            heartbeat > 0 && election > heartbeat,
            "an election after \(election) ticks, but a heartbeat every \(heartbeat)"
        )
        self.raft.heartbeatTick = heartbeat
        self.raft.timer.stretch(to: election)
    }

    /// Replaces the ticks that chance chose for this member to wait, until it chooses again.
    package mutating func overrideElectionTimeout(_ ticks: Int) {
        precondition(ticks > 0, "an election after \(ticks) ticks")
        self.raft.timer.timeout = ticks
    }
}
