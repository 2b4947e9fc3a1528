import Primitives

/// The algorithm: messages and ticks in; messages, a log and a state out.
///
/// A port of the behaviour of etcd's `raft` 3.6 (Ongaro and Ousterhout's paper, with the thesis' pre-vote,
/// leader stickiness, read index and joint consensus). `RaftNode` hands its results to the driver.
struct Raft: Sendable {
    /// How many events are kept for a driver that does not ask for them.
    static let eventLimit = 256

    let configuration: RaftConfiguration
    private(set) var term: UInt64 = 0
    var vote: RaftID = .none
    private(set) var role: Role = .follower
    private(set) var leader: RaftID = .none
    var log: RaftLog
    var members: MemberTracker
    var votes = Ballots()
    var timer: ElectionTimer
    var heartbeatTick: Int
    var leadership = Leadership()
    /// What may be sent at once.
    var outbox: [Message] = []
    /// What may be sent when everything before it is durable; also to the member itself.
    var afterAppend: [Message] = []
    var readStates: [ReadState] = []
    private(set) var events: [RaftEvent] = []

    init(_ configuration: RaftConfiguration, log stable: StableLog) {
        configuration.check()
        self.configuration = configuration
        let applyingLimit = configuration.maxCommittedSizePerReady
        self.log = RaftLog(
            stable,
            applyingLimit: applyingLimit == 0 ? configuration.maxSizePerMessage : applyingLimit
        )
        self.members = MemberTracker(
            maxInflightMessages: configuration.maxInflightMessages,
            maxInflightBytes: configuration.maxInflightBytes
        )
        self.heartbeatTick = configuration.heartbeatTick
        // Members of one group may be given the same seed, but must not wait equally long.
        let seed = configuration.seed ^ (configuration.id.rawValue &* 0x9e37_79b9_7f4a_7c15)
        self.timer = ElectionTimer(
            electionTick: configuration.electionTick,
            generator: SeededGenerator(seed: seed)
        )
        let group = stable.snapshot.configuration
        do {
            try self.members.restore(group, lastIndex: self.log.lastIndex)
        } catch {
            preconditionFailure("the snapshot's group \(group) is impossible: \(error)")
        }
        self.log.resume(commit: stable.hardState.commit, applied: configuration.applied)
        self.term = stable.hardState.term
        self.vote = stable.hardState.vote
        self.becomeFollower(term: self.term, leader: .none)
    }

    var id: RaftID { self.configuration.id }

    var softState: SoftState { SoftState(leader: self.leader, role: self.role) }

    var hardState: HardState {
        HardState(term: self.term, vote: self.vote, commit: self.log.committed)
    }

    /// Whether the member may stand for election.
    var isPromotable: Bool {
        guard let progress = self.members.peers[self.id] else { return false }
        return !progress.isLearner && self.log.unstable.snapshot == nil
    }

    /// Whether an entry of this term is committed, without which a leader does not know what is (paper 8).
    var hasCommittedInTerm: Bool { self.log.term(at: self.log.committed) == self.term }

    mutating func record(_ event: RaftEvent) {
        if self.events.count >= Self.eventLimit { self.events.removeFirst(Self.eventLimit / 2) }
        self.events.append(event)
    }

    mutating func takeEvents() -> [RaftEvent] {
        defer { self.events = [] }
        return self.events
    }

    // MARK: Roles

    mutating func becomeFollower(term: UInt64, leader: RaftID) {
        let before = (self.term, self.role, self.leader)
        self.reset(to: term)
        self.leader = leader
        self.role = .follower
        if before != (term, .follower, leader) {
            self.record(.becameFollower(term: term, leader: leader))
        }
    }

    mutating func becomePreCandidate() {
        precondition(self.role != .leader, "the leader of term \(self.term) stands for election")
        self.votes = Ballots()
        self.leader = .none
        self.role = .preCandidate
        self.record(.becamePreCandidate(term: self.term))
    }

    mutating func becomeCandidate() {
        precondition(self.role != .leader, "the leader of term \(self.term) stands for election")
        self.reset(to: self.term + 1)
        self.vote = self.id
        self.role = .candidate
        self.record(.becameCandidate(term: self.term))
    }

    mutating func becomeLeader() {
        precondition(self.role != .follower, "a follower leads in term \(self.term) without an election")
        self.reset(to: self.term)
        self.leader = self.id
        self.role = .leader
        self.members.peers[self.id]?.becomeReplicate()
        self.members.peers[self.id]?.isRecentlyActive = true
        // There may be a change among what is not committed yet; to look for it could take long.
        self.leadership.pendingChange = self.log.lastIndex
        self.record(.becameLeader(term: self.term))
        let isAppended = self.appendOwn([.normal([])])
        precondition(isAppended, "the entry that opens term \(self.term) was refused")
    }

    /// Notes of whom the follower hears in this term.
    mutating func follow(_ leader: RaftID) {
        self.timer.elapsed = 0
        guard self.leader != leader else { return }
        self.leader = leader
        self.record(.followsLeader(term: self.term, leader: leader))
    }

    mutating func forgetLeader() {
        guard self.role == .follower, self.configuration.readOnly != .leaseBased, self.leader != .none else {
            return
        }
        self.record(.leaderForgotten(self.leader))
        self.leader = .none
    }

    private mutating func reset(to term: UInt64) {
        if self.term != term {
            self.term = term
            self.vote = .none
        }
        self.leader = .none
        self.timer.restart()
        self.votes = Ballots()
        self.members.resetProgress(lastIndex: self.log.lastIndex, own: self.id)
        self.leadership = Leadership()
    }
}
