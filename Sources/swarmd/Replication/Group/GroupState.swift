import Primitives
import RaftCore
import ReplicatedStore

/// What the threads of a `GroupProposer` share, under its lock.
struct GroupState: Sendable {
    var member: Member
    var isOpen = true
    /// Whether a write failed, after which nothing is written any more.
    var hasFailed = false
    /// Whether the last record is written, or about to be.
    var isFinished = false
    /// Who waits for the end.
    var closers: [CheckedContinuation<Void, Never>] = []
    /// Whether whoever is done next calls `finish`.
    var isEndDue = false
    /// Whether a thread is carrying out what the member wants, and whether it, or another, has to look again.
    var isPumping = false
    var pumpAgain = false
    /// Whether a thread will, as soon as it has made all its proposals.
    var isPumpPlanned = false

    /// Since when the first of the proposals waits that gather.
    var gatheringSince = ContinuousClock.now
    /// Whether somebody will look at what waits for company, and the news of a commit that waited when that began.
    var isTimed = false
    var timedCommit: UInt64?
    /// The bytes that were proposed and not handed over yet.
    var queuedBytes = 0
    var writes: [LogWrite] = []
    /// Whether the log's writer is at work or called.
    var isWriting = false
    /// How long it took of late to write something.
    var writing = Duration.zero

    var reads: ReadRounds<CheckedContinuation<Result<UInt64, ProposalError>, Never>>
    /// How many ticks this member lived.
    var ticks: UInt64 = 0

    /// The change of the group that is under way.
    var change: PendingChange?
    /// What the members' stores amount to.
    var digests: DigestLedger

    var firstIndex: UInt64
    var snapshotIndex: UInt64
    var bytesOnDisk: UInt64
    /// The last changes of role, oldest first.
    var history: [RoleChange] = []
    /// When each member was last heard of.
    var contacts: [UInt64: Timestamp] = [:]

    /// Notes that somebody will call `lookAgain`.
    mutating func startTiming() {
        self.isTimed = true
        self.timedCommit = self.member.unsaidCommit
    }

    /// Ends the waiting of what has waited for `patience`; returns how long to wait for the rest, nil if nothing
    /// waits, and whether there is something to carry out.
    mutating func lookAgain(_ patience: Duration) -> (rest: Duration?, isDue: Bool) {
        var isDue = false
        let gatheringRest = patience - self.gatheringSince.duration(to: .now)
        if self.member.isGathering, gatheringRest <= .zero {
            self.member.stopGathering()
            isDue = true
        }
        if let unsaid = self.member.unsaidCommit, unsaid == self.timedCommit {
            self.member.sendNotices()
            isDue = true
        }
        self.isTimed = self.member.isGathering || self.member.unsaidCommit != nil
        self.timedCommit = self.member.unsaidCommit
        guard self.isTimed else { return (nil, isDue) }
        return (self.member.isGathering ? gatheringRest : patience, isDue)
    }

    /// Whether what waits for the writer can be expected to be on disk sooner than a thread wakes up.
    func isQuickToWrite(_ limits: GroupLimits) -> Bool {
        self.writing < limits.quickWrite
            && self.writes.allSatisfy { $0.snapshot == nil }
            && self.writes.reduce(0) { sum, write in write.entries.reduce(sum) { $0 + $1.encodedSize } }
                < limits.quickBytes
    }

    /// Takes what waits for the disk, about `limit` bytes of it; nil when nothing does.
    mutating func takeWrites(_ limit: Int) -> [LogWrite]? {
        guard !self.writes.isEmpty else {
            self.isWriting = false
            return nil
        }
        var bytes = 0
        let end = self.writes.firstIndex { write in
            bytes += write.entries.reduce(0) { $0 + $1.encodedSize }
            return bytes > limit
        }
        let count = max(1, end ?? self.writes.count)
        let batch = Array(self.writes.prefix(count))
        self.writes.removeFirst(count)
        return batch
    }

    /// Whether the change of the group took too long.
    var changeIsOverdue: Bool { self.change.map { $0.deadline <= self.ticks } ?? false }

    /// Adds a change of role to the history, which keeps the last 32.
    mutating func note(_ change: RoleChange) {
        self.history.append(change)
        if self.history.count > 32 { self.history.removeFirst() }
    }
}

/// A change of the group that its caller waits for.
struct PendingChange: Sendable {
    let id: UInt64
    /// The tick at which the caller is told that nothing is known of it.
    let deadline: UInt64
    let waiter: CheckedContinuation<Result<Void, ProposalError>, Never>
}

extension GroupState {
    /// Where the log and the group stand.
    var status: LogStatus {
        let node = self.member.node
        let raft = node.status
        var status = LogStatus(
            term: node.term,
            commitIndex: raft.hardState.commit,
            firstIndex: self.firstIndex,
            snapshotIndex: self.snapshotIndex,
            bytesOnDisk: self.bytesOnDisk
        )
        status.leader = node.leader.rawValue
        status.member = self.member.id.rawValue
        status.history = self.history
        status.peers = raft.peers.map { peer in
            var status = PeerStatus(member: peer.id.rawValue)
            status.isLearner = peer.isLearner
            (status.match, status.next) = (peer.match, peer.next)
            status.progress = Self.text(peer.state)
            status.isActive = peer.answers
            status.lastContact = self.contacts[peer.id.rawValue]
            return status
        }
        return status
    }
}

extension GroupState {
    private static func text(_ state: Progress.State) -> String {
        switch state {
        case .probe: "probe"
        case .replicate: "replicate"
        case .snapshot: "snapshot"
        }
    }
}

extension RoleChange {
    /// What the console shows of an event of raft; nil for what it does not show.
    init?(_ event: RaftEvent, at moment: Timestamp) {
        switch event {
        case .becameLeader(let term): self.init(at: moment, term: term, event: "leader")
        case .becameCandidate(let term): self.init(at: moment, term: term, event: "candidate")
        case .becamePreCandidate(let term): self.init(at: moment, term: term, event: "pre-candidate")
        case .becameFollower(let term, let leader) where leader == .none:
            self.init(at: moment, term: term, event: "follower, no leader")
        case .becameFollower(let term, let leader), .followsLeader(let term, let leader):
            let name = String(leader.rawValue, radix: 16)
            self.init(at: moment, term: term, event: "follower of \(name)")
        default: return nil
        }
    }
}
