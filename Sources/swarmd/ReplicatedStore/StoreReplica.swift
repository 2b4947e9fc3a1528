import DequeModule
package import Primitives
package import StoreCore
package import SwarmAPI

/// What follows for others from what the log told a store.
package enum StoreOutcome<Waiter: Sendable>: Sendable {
    /// The transaction of the entry at `index` is final; watchers are told.
    case committed(index: UInt64, changes: [StoreChange])
    /// Those who waited get their answer: that it is done, or why nothing is known of it.
    case settled([Waiter], ProposalError?)
    /// The whole state was replaced: nobody knows the commits in between.
    case restored(index: UInt64)
    /// This manager's part in the group changed.
    case leadership(Leadership)
    /// The digest of the store is due, for the other managers to compare it with theirs.
    case digestDue(DigestPart)
}

/// The store of one manager without streams or waiting: the committed state and, on the leader, the speculative
/// head with all that is proposed (architecture D6).
///
/// It decides and waits for nothing: `ReplicatedStore` and the simulator drive the same one. `Waiter` is whoever
/// wants to know how a proposal or a read ends.
package struct StoreReplica<Waiter: Sendable>: Sendable {
    /// What is committed, for readers on every thread.
    package let newest = NewestState()
    /// What is committed.
    package var state: StoreState { self.newest.state }
    /// The index of the last entry in `state`.
    package private(set) var applied: UInt64 = 0
    /// The group as of `applied`, for snapshots.
    package private(set) var membership: SwarmClusterSnapshot
    /// Whether this manager leads and takes proposals, and since which term.
    package private(set) var leadership: Leadership = .follower
    /// The bytes that are proposed and not yet committed.
    package private(set) var bytesInFlight = 0

    private let limits: StoreLimits
    private var head: SpeculativeHead?
    private var proposals = Deque<Proposal<Waiter>>()
    private var readers: [Reader] = []
    private var nextRequest: UInt64
    /// The index of the newest snapshot that is stored, and of the one that is being stored.
    private var snapshotIndex: UInt64 = 0
    private var saving: UInt64?
    /// How many objects were changed since the newest snapshot, and before the one that is being stored.
    private var changed = 0
    private var changedBefore = 0
    /// Whether somebody came into the group since the last snapshot.
    private var hasNewcomer = false
    /// Whether somebody asked for a snapshot that was not begun yet.
    private var isSnapshotWanted = false
    /// The index of the last digest, and the objects that changed since; nil when all may have.
    private var digested: UInt64?
    private var touched = TouchedObjects()

    /// Where the entry of a transaction goes.
    package typealias Append = (_ entry: [UInt8], _ term: UInt64) throws(ProposalError) -> UInt64

    private struct Reader: Sendable {
        let index: UInt64
        let waiter: Waiter
    }

    /// An empty store; `membership` counts until a snapshot or a change of the group brings another, and
    /// requests are numbered from `firstRequest`.
    package init(membership: SwarmClusterSnapshot, limits: StoreLimits, firstRequest: UInt64) {
        self.membership = membership
        self.limits = limits
        self.nextRequest = max(1, firstRequest)
    }

    /// What is committed, with its index.
    package var version: StoreVersion { StoreVersion(self.state, index: self.applied) }

    /// What is committed, with the group.
    package var snapshot: StoreSnapshot { StoreSnapshot(state: self.state, membership: self.membership) }

    /// Whether proposals are under way.
    package var isSettled: Bool { self.proposals.isEmpty }

    /// Runs `body` on the speculative head and hands the entry that it makes to the log, by `append`.
    ///
    /// Returns what `body` found, and the one who hears of the entry's end if there is an entry: `waiter` makes him.
    /// `body` gets the number by which the entry is recognised when it comes back; it makes an empty one when it
    /// changed nothing. Whenever nothing is proposed, the head is as it was before.
    package mutating func write<Found>(
        now: Timestamp,
        waiter: (Found) -> Waiter,
        append: Append,
        _ body: (inout Transaction, _ id: UInt64) throws(EntryError) -> (found: Found, entry: [UInt8])
    ) throws(ProposalError) -> (found: Found, waiter: Waiter?) {
        guard case .leader(let term) = self.leadership, let version = self.head?.version else {
            throw .notLeader
        }
        var transaction = Transaction(on: StoreState(), version: version, now: now)
        self.head?.trade(with: &transaction)
        defer { self.head?.trade(with: &transaction) }
        do throws(ProposalError) {
            let id = self.takeRequest()
            let (found, entry) = try Self.make(&transaction, id, body)
            guard !entry.isEmpty else { return (found, nil) }
            try self.admit(bytes: entry.count)
            let index = try append(entry, term)
            precondition(index > version, "entry \(index) is not after version \(version)")
            self.head?.next = index + 1
            self.bytesInFlight += entry.count
            let waiter = waiter(found)
            self.proposals.append(
                Proposal(
                    id: id,
                    index: index,
                    changes: transaction.changes,
                    bytes: entry.count,
                    waiters: [waiter]
                )
            )
            return (found, waiter)
        } catch {
            transaction.undo()
            throw error
        }
    }

    private static func make<Found>(
        _ transaction: inout Transaction,
        _ id: UInt64,
        _ body: (inout Transaction, UInt64) throws(EntryError) -> (found: Found, entry: [UInt8])
    ) throws(ProposalError) -> (found: Found, entry: [UInt8]) {
        do throws(EntryError) { return try body(&transaction, id) } catch {
            guard case .tooLarge(_, let bytes) = error else {
                preconditionFailure("encoding failed with \(error)")
            }
            throw .tooLarge(bytes: bytes)
        }
    }

    private func admit(bytes: Int) throws(ProposalError) {
        guard self.proposals.isEmpty || self.bytesInFlight + bytes <= self.limits.bytesInFlight else {
            throw .overloaded
        }
    }

    private mutating func takeRequest() -> UInt64 {
        defer { self.nextRequest = self.nextRequest == .max ? 1 : self.nextRequest + 1 }
        return self.nextRequest
    }

    /// Lets `waiter` know when everything in the speculative head is committed; false if it is already.
    package mutating func awaitHead(_ waiter: Waiter) -> Bool {
        guard !self.proposals.isEmpty else { return false }
        self.proposals[self.proposals.count - 1].waiters.append(waiter)
        return true
    }

    /// Lets `waiter` know when the state at `index` is there; false if it is already.
    package mutating func awaitIndex(_ index: UInt64, _ waiter: Waiter) -> Bool {
        guard self.applied < index else { return false }
        self.readers.append(Reader(index: index, waiter: waiter))
        return true
    }

    /// The state to be written if a snapshot is due, with its index; one at a time.
    ///
    /// It is due after as many entries as the cluster's spec says, but not before half as many objects changed as
    /// it would hold: of a large state every change would be written dozens of times.
    ///
    /// One is also due for a newcomer if the log no longer reaches back to its beginning: raft ignores a
    /// snapshot that does not name its receiver (SwarmKit 310cbe411).
    package mutating func dueSnapshot() -> (snapshot: StoreSnapshot, index: UInt64)? {
        guard self.saving == nil else { return nil }
        let isFull =
            self.changed * 2 >= self.newest.read { $0.count }
            && self.applied >= self.snapshotIndex + self.snapshotInterval
        let isAskedFor = self.isSnapshotWanted && self.applied > 0
        guard isFull || isAskedFor || (self.hasNewcomer && self.snapshotIndex > 0) else { return nil }
        self.saving = self.applied
        (self.changedBefore, self.changed) = (self.changed, 0)
        self.hasNewcomer = false
        self.isSnapshotWanted = false
        return (self.snapshot, self.applied)
    }

    /// What the cluster's spec says; zero there leaves it to the limits, for a log without snapshots would grow
    /// for ever.
    private var snapshotInterval: UInt64 {
        let wanted = self.newest.read { $0.clusters.first?.spec.raft.snapshotInterval } ?? 0
        return wanted > 0 ? wanted : self.limits.snapshotInterval
    }

    /// Notes how the storing of the last due snapshot ended; another one may be due at once.
    package mutating func snapshotEnded(stored: Bool) {
        guard let index = self.saving else { return }
        self.saving = nil
        // Whom it was for is not known any more.
        if stored {
            self.snapshotIndex = max(self.snapshotIndex, index)
        } else {
            self.hasNewcomer = true
            self.changed += self.changedBefore
        }
        self.changedBefore = 0
    }

    /// Makes a snapshot due whatever was applied since the last one.
    package mutating func wantSnapshot() { self.isSnapshotWanted = true }
}

// MARK: - What the log tells

extension StoreReplica {
    /// Follows the log.
    ///
    /// Throws `EntryError` or `SnapshotError` when it holds what can't be applied: the process must not go on
    /// with a state of its own.
    package mutating func follow(_ event: LogEvent) throws -> [StoreOutcome<Waiter>] {
        var outcomes: [StoreOutcome<Waiter>] = []
        switch event {
        case .committed(let entries): try self.apply(entries, &outcomes)
        case .becameLeader(let term, let next):
            if self.head != nil { self.dropHead(.lostLeadership, &outcomes) }
            precondition(next > self.applied, "the term's first entry is \(next), applied is \(self.applied)")
            self.head = SpeculativeHead(state: self.state, next: next)
            self.serve(as: .leader(term: term), &outcomes)
        // What is under way stays so, and nobody else goes on from there in this term: the head stands.
        case .pausedLeading: self.serve(as: .follower, &outcomes)
        case .resumedLeading(let term):
            precondition(self.head != nil, "the office of term \(term) goes on without a head")
            self.serve(as: .leader(term: term), &outcomes)
        case .lostLeadership: self.dropHead(.lostLeadership, &outcomes)
        case .restored(let bytes, let index):
            return self.restore(try StoreSnapshot(bytes: bytes), index: index)
        case .membership(let membership, let index): self.change(membership, at: index, &outcomes)
        }
        self.wakeReaders(&outcomes)
        return outcomes
    }

    /// Takes over a whole state, which the log told as of `index`.
    package mutating func restore(_ snapshot: StoreSnapshot, index: UInt64) -> [StoreOutcome<Waiter>] {
        precondition(self.head == nil, "a snapshot at \(index) during a term of our own")
        self.newest.change { $0 = snapshot.state }
        self.membership = snapshot.membership
        self.applied = index
        self.snapshotIndex = index
        self.hasNewcomer = false
        self.changed = 0
        self.digested = nil
        self.touched = TouchedObjects()
        var outcomes: [StoreOutcome<Waiter>] = [.restored(index: index)]
        self.wakeReaders(&outcomes)
        return outcomes
    }

    /// The log ended: nobody who waits will hear more.
    package mutating func close() -> [StoreOutcome<Waiter>] {
        var outcomes: [StoreOutcome<Waiter>] = []
        self.dropHead(.closed, &outcomes)
        outcomes.append(.settled(self.readers.map(\.waiter), .closed))
        self.readers = []
        return outcomes
    }

    private mutating func apply(_ entries: [CommittedEntry], _ outcomes: inout [StoreOutcome<Waiter>]) throws
    {
        for entry in entries {
            if self.isNextProposal(entry) {
                self.endProposal(entry, &outcomes)
            } else {
                try self.follow(entry, &outcomes)
            }
        }
    }

    private func isNextProposal(_ entry: CommittedEntry) -> Bool {
        self.proposals.first.map { StoreEntry.id(of: entry.data) == $0.id } ?? false
    }

    /// The oldest proposal came back: what it does was computed when it was proposed.
    private mutating func endProposal(_ entry: CommittedEntry, _ outcomes: inout [StoreOutcome<Waiter>]) {
        guard let proposal = self.proposals.popFirst() else { return }
        precondition(proposal.index == entry.index, "entry \(entry.index) was proposed elsewhere")
        self.bytesInFlight -= proposal.bytes
        self.newest.change { $0.carryOut(proposal.changes) }
        self.end(entry, proposal.changes, &outcomes)
        outcomes.append(.settled(proposal.waiters, nil))
    }

    /// Carries out an entry that this manager did not propose in this term.
    private mutating func follow(
        _ entry: CommittedEntry,
        _ outcomes: inout [StoreOutcome<Waiter>]
    ) throws {
        guard !entry.data.isEmpty else { return self.pass(entry.index, &outcomes) }
        precondition(self.head == nil, "entry \(entry.index) of another leader during a term of our own")
        let request = try StoreEntry.decode(entry.data)
        self.end(entry, try self.newest.change { try $0.apply(request) }, &outcomes)
    }

    /// The `changes` of an entry are carried out.
    private mutating func end(
        _ entry: CommittedEntry,
        _ changes: [StoreChange],
        _ outcomes: inout [StoreOutcome<Waiter>]
    ) {
        self.note(changes)
        if !changes.isEmpty { outcomes.append(.committed(index: entry.index, changes: changes)) }
        self.pass(entry.index, &outcomes)
    }

    /// Counts what changed, and remembers which objects the next digest has to look at.
    private mutating func note(_ changes: [StoreChange]) {
        self.changed += changes.count
        guard self.digested != nil else { return }
        self.touched.note(changes)
    }

    /// The store went on to the entry at `index`.
    ///
    /// All members give a digest at the same indices. A group of one has nobody to compare it with.
    private mutating func pass(_ index: UInt64, _ outcomes: inout [StoreOutcome<Waiter>]) {
        precondition(index > self.applied, "entry \(index) after \(self.applied)")
        self.applied = index
        guard index.isMultiple(of: self.limits.digestInterval) else { return }
        if self.membership.members.count > 1 {
            let basis = self.digested.map { DigestPart.Basis.since($0, self.touched) } ?? .whole(self.state)
            outcomes.append(.digestDue(DigestPart(index: index, basis: basis)))
            self.digested = index
        } else {
            self.digested = nil
        }
        self.touched = TouchedObjects()
    }

    /// A digest that was due is not made: the next one has to look at everything.
    package mutating func digestLost() {
        self.digested = nil
        self.touched = TouchedObjects()
    }

    private mutating func change(
        _ membership: SwarmClusterSnapshot,
        at index: UInt64,
        _ outcomes: inout [StoreOutcome<Waiter>]
    ) {
        defer { self.pass(index, &outcomes) }
        let known = self.membership.members.map(\.raftID)
        if !membership.members.allSatisfy({ known.contains($0.raftID) }) { self.hasNewcomer = true }
        self.membership = membership
    }

    private mutating func serve(as leadership: Leadership, _ outcomes: inout [StoreOutcome<Waiter>]) {
        self.leadership = leadership
        outcomes.append(.leadership(leadership))
    }

    private mutating func dropHead(_ reason: ProposalError, _ outcomes: inout [StoreOutcome<Waiter>]) {
        let waiters = self.proposals.flatMap(\.waiters)
        self.head = nil
        self.proposals.removeAll()
        self.bytesInFlight = 0
        self.serve(as: .follower, &outcomes)
        if !waiters.isEmpty { outcomes.append(.settled(waiters, reason)) }
    }

    private mutating func wakeReaders(_ outcomes: inout [StoreOutcome<Waiter>]) {
        guard self.readers.contains(where: { $0.index <= self.applied }) else { return }
        let ready = self.readers.filter { $0.index <= self.applied }
        self.readers.removeAll { $0.index <= self.applied }
        outcomes.append(.settled(ready.map(\.waiter), nil))
    }
}
