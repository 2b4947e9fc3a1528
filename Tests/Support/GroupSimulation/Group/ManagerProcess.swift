import Linearizability
import Primitives
import RaftCore
import ReplicatedStore
import Replication
import StoreCore
import SwarmAPI

/// A manager's process: what `GroupProposer` and `ReplicatedStore` do around `Member` and `StoreReplica`, one
/// step at a time.
///
/// The world brings facts, takes the member's work, and says when writes, the store and snapshots get their
/// turn.
struct ManagerProcess: Sendable {
    /// Which of all processes this is.
    let number: Int
    let limits: GroupLimits
    var member: Member
    var writer: LogWriter
    var replica: StoreReplica<Ticket>

    /// The writes that wait for the disk, and those that are on their way to it.
    private(set) var writes: [LogWrite] = []
    private(set) var batch: [LogWrite]?
    /// Whether the present batch is on disk already, and only the news of it is under way.
    var isBatchPerformed = false

    private var reads: ReadRounds<Ticket>
    private(set) var ticks: UInt64 = 0
    /// Whether the store's turn is arranged.
    var isStoreCalled = false
    /// What the store did not take yet.
    private var events: [LogEvent] = []
    private var replies: [(operation: Int, reply: ManagerReply)] = []

    /// Where the transport reaches each member.
    private(set) var addresses: PeerAddresses
    /// What the store amounts to, and what the others' stores do.
    private var digest = DigestFold()
    private var digests: DigestLedger
    /// The index up to which the log is to be shortened when the disk is free.
    private var shortening: UInt64?

    init(
        number: Int,
        member: Member,
        writer: LogWriter,
        replica: StoreReplica<Ticket>,
        limits: GroupLimits,
        firstRead: UInt64,
        firstEvent: LogEvent?,
        contacts: [SwarmRaftMember]
    ) {
        self.number = number
        self.member = member
        self.writer = writer
        self.replica = replica
        self.limits = limits
        self.reads = ReadRounds(first: firstRead)
        self.events = firstEvent.map { [$0] } ?? []
        self.addresses = PeerAddresses(of: member.id)
        self.digests = DigestLedger(of: member.id)
        self.addresses.list(contacts)
    }

    /// Whether the store has something to take.
    var hasEvents: Bool { !self.events.isEmpty }

    /// The store as a snapshot has it.
    var image: [UInt8] { self.replica.snapshot.bytes }

    /// Whether nobody waits for anything.
    var isSettled: Bool { self.replica.isSettled && self.member.isSettled && self.events.isEmpty }
}

// MARK: - Facts

extension ManagerProcess {
    /// A tick of the clock passed.
    mutating func tick() {
        self.ticks += 1
        self.member.tick()
        for ticket in self.reads.expired(now: self.ticks) { self.fail(ticket) }
        self.ask()
    }

    /// A message of another member came; `address` is where the node `node`, which sent it, says that it listens.
    mutating func receive(_ message: RaftCore.Message, of node: String, at address: String?) {
        if let address, self.member.believes(node, as: message.from, in: message.term) {
            _ = self.addresses.learn(message.from, at: address)
        }
        self.member.step(message)
    }

    /// The transport reports something.
    mutating func report(_ report: PeerReport) {
        switch report {
        case .unreachable(let peer): self.member.unreachable(peer)
        case .snapshot(let peer, let delivered): self.member.sentSnapshot(to: peer, succeeded: delivered)
        case .died(let peer): self.member.died(peer)
        case .removed(let peer): self.member.told(removedBy: peer)
        }
    }

    /// Takes what the member wants done; nil when that is nothing.
    ///
    /// Its writes and its news for the store are kept here.
    mutating func takeWork() -> MemberWork? {
        let work = self.member.takeWork()
        guard
            !work.messages.isEmpty || !work.writes.isEmpty || !work.events.isEmpty || !work.reads.isEmpty
                || !work.changes.isEmpty || !work.history.isEmpty
        else { return nil }
        self.writes += work.writes
        for event in work.events {
            self.events.append(event)
            switch event {
            case .membership(let group, _): self.addresses.list(group.members)
            case .restored(let bytes, _): self.addresses.list(SnapshotImage.membership(of: bytes).members)
            case .committed, .becameLeader, .pausedLeading, .resumedLeading, .lostLeadership: break
            }
        }
        for read in work.reads {
            for ticket in self.reads.answered(read.context) { self.confirmed(ticket, index: read.index) }
            self.ask()
        }
        return work
    }

    /// The answers that are ready.
    mutating func takeReplies() -> [(operation: Int, reply: ManagerReply)] {
        defer { self.replies = [] }
        return self.replies
    }
}

// MARK: - Requests

extension ManagerProcess {
    /// Takes a client's request.
    mutating func request(_ operation: Int, _ call: ControlCall, now: Timestamp) {
        if case .get = call.action {
            self.reads.add(Ticket(operation: operation, purpose: .read(call)))
            return self.ask()
        }
        do {
            let (reply, ticket) = try self.write(operation, call, now: now)
            guard ticket == nil else { return }
            let purpose = Ticket.Purpose.basis(reply, self.replica.leadership)
            let basis = Ticket(operation: operation, purpose: purpose)
            if !self.replica.awaitHead(basis) { self.succeed(basis) }
        } catch {
            self.replies.append((operation, .elsewhere(leader: nil)))
        }
    }

    private mutating func write(
        _ operation: Int,
        _ call: ControlCall,
        now: Timestamp
    ) throws(ProposalError) -> (found: ControlReply, waiter: Ticket?) {
        var member = self.member
        defer { self.member = member }
        return try self.replica.write(
            now: now,
            waiter: { Ticket(operation: operation, purpose: .write($0)) },
            append: { entry, term throws(ProposalError) in try member.propose(entry, term: term) }
        ) { transaction, id throws(EntryError) in
            let reply = transaction.carryOut(call, id: "c\(operation)")
            let changes = transaction.changes
            return (reply, changes.isEmpty ? [] : try StoreEntry.encode(changes, id: id))
        }
    }

    private mutating func ask() {
        let deadline = self.ticks + UInt64(self.limits.readTicks)
        if let context = self.reads.begin(deadline: deadline) { self.member.read(context) }
    }

    /// The group's leader is confirmed as of `index`.
    private mutating func confirmed(_ ticket: Ticket, index: UInt64) {
        if !self.replica.awaitIndex(index, ticket) { self.succeed(ticket) }
    }

    private mutating func succeed(_ ticket: Ticket) {
        switch ticket.purpose {
        case .write(let reply): self.replies.append((ticket.operation, .done(reply)))
        case .read(let call):
            self.replies.append((ticket.operation, .done(self.replica.state.answer(to: call))))
        case .basis(let reply, let leadership):
            self.reads.add(Ticket(operation: ticket.operation, purpose: .refusal(reply, leadership)))
            self.ask()
        case .refusal(let reply, let leadership):
            let stays = self.replica.leadership == leadership
            self.replies.append((ticket.operation, stays ? .done(reply) : .elsewhere(leader: nil)))
        }
    }

    private mutating func fail(_ ticket: Ticket) {
        if case .write = ticket.purpose {
            self.replies.append((ticket.operation, .unknown))
        } else {
            self.replies.append((ticket.operation, .elsewhere(leader: nil)))
        }
    }
}

// MARK: - The store's turn

extension ManagerProcess {
    /// The store takes what the log told; returns what follows.
    mutating func turnOfStore() throws -> [StoreOutcome<Ticket>] {
        let events = self.events
        self.events = []
        var outcomes: [StoreOutcome<Ticket>] = []
        for event in events {
            for outcome in try self.replica.follow(event) {
                outcomes.append(outcome)
                guard case .settled(let tickets, let error) = outcome else { continue }
                for ticket in tickets { if error == nil { self.succeed(ticket) } else { self.fail(ticket) } }
            }
        }
        return outcomes
    }

    /// The digest that is due, and what it shows beside the others'.
    mutating func makeDigest(_ part: DigestPart) -> (digest: StateDigest, findings: [DigestLedger.Finding])? {
        guard let digest = self.digest.fold(part) else { return nil }
        return (digest, self.compare(digest, at: part.index, of: self.member.id))
    }

    /// A member's store amounts to `digest` at `index`; returns what that shows.
    mutating func compare(
        _ digest: StateDigest,
        at index: UInt64,
        of id: RaftID
    ) -> [DigestLedger.Finding] {
        let voters = self.member.node.configuration.voters
        return self.digests.note(digest, at: index, of: id, voters: voters)
    }

    /// The snapshot that is to be stored now, with what the log knows of its index; nil if there is none.
    mutating func beginSave() -> StoredSnapshot? {
        guard let due = self.replica.dueSnapshot() else { return nil }
        guard let term = self.member.node.log.term(at: due.index) else {
            self.replica.snapshotEnded(stored: false)
            return nil
        }
        return StoredSnapshot(
            term: term,
            index: due.index,
            configuration: RaftWire.encode(self.member.group(at: due.index).configuration),
            bytes: due.snapshot.bytes
        )
    }

    /// The snapshot at `index` is durable: the log may be shortened.
    mutating func saved(_ index: UInt64) throws(LogError) {
        self.replica.snapshotEnded(stored: true)
        self.shortening = index
        if self.batch == nil { try self.shorten() }
    }
}

// MARK: - The disk's turn

extension ManagerProcess {
    /// Takes what waits for the disk as the next batch, unless one is under way; nil if nothing does.
    mutating func beginWrite() -> [LogWrite]? {
        guard self.batch == nil, !self.writes.isEmpty else { return nil }
        var batch: [LogWrite] = []
        var bytes = 0
        for write in self.writes {
            bytes += write.entries.map(\.payload.size).reduce(0, +)
            if !batch.isEmpty, bytes > self.limits.batchBytes { break }
            batch.append(write)
        }
        self.writes.removeFirst(batch.count)
        self.batch = batch
        self.isBatchPerformed = false
        return batch
    }

    /// Brings the batch to the disk.
    mutating func performWrite() throws(LogError) {
        guard let batch = self.batch, !self.isBatchPerformed else { return }
        try self.writer.perform(batch)
        self.isBatchPerformed = true
    }

    /// The batch is on disk.
    mutating func endWrite() throws(LogError) {
        guard let batch = self.batch else { return }
        self.batch = nil
        self.member.written(batch)
        try self.shorten()
    }

    private mutating func shorten() throws(LogError) {
        guard let index = self.shortening else { return }
        self.shortening = nil
        let kept = index > self.limits.keptEntries ? index - self.limits.keptEntries : 0
        try self.writer.shorten(through: kept, covered: index)
        self.member.compacted(upTo: index, keeping: self.limits.keptEntries)
    }
}
