import DequeModule
package import RaftCore
package import ReplicatedStore
import SwarmAPI

/// A member of the group without threads, clock or files: raft, the membership, and what was proposed.
///
/// Facts go in by the mutating methods, and `takeWork` says what follows from them. The shell and the
/// simulator drive the same member. It runs raft with asynchronous storage: what has to be written leaves
/// as `LogWrite`s, and `written` reports them done, in order; meanwhile the member goes on.
package struct Member: Sendable {
    /// Who this member is.
    package let id: RaftID
    let limits: GroupLimits
    /// Raft itself.
    package internal(set) var node: RaftNode
    /// The group as of the last change that was handed over.
    package private(set) var membership: MemberList
    /// What each configuration was from its index on, oldest first; snapshots are taken in the past.
    private var configurations: [Dated]

    /// Proposals that have an index and are not yet given to raft.
    var pending: [[UInt8]] = []
    var pendingBytes = 0
    /// How many of them to wait for, and whether they have gathered for long enough.
    var gathering: Gathering
    var isOverdue = false
    /// The term in which the store was told that this member leads.
    package private(set) var announced: UInt64?
    /// The last term of which it was told that.
    private var lastAnnounced: UInt64 = 0
    /// What a message proved about the own log: that it is not what it was when it was acknowledged.
    package private(set) var defect: RaftError?
    /// Whether the store was told that no proposals are taken for now.
    private var isPaused = false
    /// The turns of a dead leader's successors.
    private var succession: Succession?
    /// Whether leadership is to be handed over as soon as what was proposed is committed.
    var isResigning = false

    /// Committed entries that were not handed over yet, with raft's receipts for them.
    private var committed = Deque<Message>()
    /// The last entry that was handed over.
    private var handed: UInt64
    /// The commit index that is safely on disk, and the one that is or will be.
    private var durableCommit: UInt64
    private var requestedCommit: UInt64
    /// The writes that are under way.
    package private(set) var writesInFlight = 0
    var work = MemberWork()
    /// Messages that say only how far the group has committed, and wait for others to go along with.
    var notices: [Message] = []
    /// Whom it was told of when it joined.
    let contacts: [RaftID]
    /// What becomes of this member when it is removed.
    var farewell = Farewell()

    private struct Dated: Sendable {
        let index: UInt64
        let configuration: ConfigurationState
        let membership: MemberList
    }

    /// A member with the log that it had when it stopped.
    ///
    /// `applied` is where the store begins: the index of the newest snapshot. `contacts` are those of the group
    /// that a new member knows before it has any of the log.
    package init(
        id: RaftID,
        log: StableLog,
        membership: MemberList,
        contacts: [RaftID] = [],
        limits: GroupLimits,
        seed: UInt64
    ) {
        self.id = id
        self.contacts = contacts
        self.limits = limits
        self.gathering = Gathering(limit: limits.flushCount)
        self.membership = membership
        let state = log.hardState
        self.handed = log.snapshot.index
        self.durableCommit = state.commit
        self.requestedCommit = state.commit
        self.configurations = [
            Dated(
                index: log.snapshot.index,
                configuration: log.snapshot.configuration,
                membership: membership
            )
        ]
        self.node = RaftNode(limits.configuration(id: id, applied: log.snapshot.index, seed: seed), log: log)
    }
}

// MARK: - Facts

extension Member {
    /// Takes a proposal of the leader's term `term` and returns the index that it will have if it commits.
    package mutating func propose(_ data: [UInt8], term: UInt64) throws(ProposalError) -> UInt64 {
        guard self.leads(term) else { throw .notLeader }
        self.gathering.proposed(whileUnderWay: !self.isSettledInLog)
        self.pending.append(data)
        self.pendingBytes += data.count
        return self.node.lastIndex + UInt64(self.pending.count)
    }

    /// Whether everything that raft has is committed.
    var isSettledInLog: Bool { self.node.hardState.commit == self.node.lastIndex }

    /// Proposes a change of the group.
    package mutating func propose(_ change: ConfigurationChange) throws(ProposalError) {
        guard let term = self.announced, self.leads(term) else { throw .notLeader }
        self.flush()
        do throws(RaftError) { try self.node.propose(change) } catch { throw .notLeader }
    }

    /// Takes a message of another member.
    ///
    /// What raft refuses is dropped, as the network could have dropped it.
    package mutating func step(_ message: Message) {
        guard message.to == self.id, !self.membership.isRemoved(message.from) else { return }
        // Proposals are not forwarded between members: a caller asks the leader itself.
        guard message.kind != .propose, !message.kind.isLocal else { return }
        self.farewell.heard()
        if message.kind == .transferLeader { self.flush() }
        // Who reads will wait for the commit.
        if message.kind == .readIndex { self.sendNotices() }
        do throws(RaftError) { try self.node.step(message) } catch {
            switch error {
            case .commitBeyondLog, .conflictWithCommitted: self.defect = error
            default: break
            }
        }
    }

    /// A tick of the clock passed.
    package mutating func tick() {
        self.stopGathering()
        self.sendNotices()
        self.node.tick()
        self.work.messages += self.takeLeave()
        if let campaign = self.succession?.next(), self.node.leader == .none {
            if campaign { self.node.campaign() }
        } else {
            self.succession = nil
        }
    }

    /// Campaigns at once, without waiting for the election time-out.
    package mutating func campaign() { self.node.campaign() }

    /// The process of `peer` is known to be dead; if it led, its successor is sought at once.
    package mutating func died(_ peer: RaftID) {
        self.node.reportUnreachable(peer)
        guard self.node.leader == peer else { return }
        self.node.forgetLeader()
        self.succession = Succession(of: self.id, voters: self.node.configuration.voters, dead: peer)
    }

    /// The messages to `peer` do not arrive.
    package mutating func unreachable(_ peer: RaftID) { self.node.reportUnreachable(peer) }

    /// A snapshot for `peer` was delivered, or was not.
    package mutating func sentSnapshot(to peer: RaftID, succeeded: Bool) {
        self.node.reportSnapshot(peer, ok: succeeded)
    }

    /// Asks for an index that is not older than now; the answer comes among `MemberWork.reads`.
    ///
    /// Without a leader it does not come at all.
    package mutating func read(_ context: [UInt8]) {
        do throws(RaftError) { try self.node.readIndex(context: context) } catch { return }
    }

    /// The store was saved as of `index`: the log keeps `kept` entries behind it for slow members.
    package mutating func compacted(upTo index: UInt64, keeping kept: UInt64) {
        guard index > self.node.log.snapshot.index else { return }
        let dated = self.configuration(at: index)
        guard let term = self.node.log.term(at: index) else { return }
        self.node.log.record(Snapshot(index: index, term: term, configuration: dated.configuration))
        if index > kept { self.node.log.compact(through: index - kept) }
        self.configurations.removeAll { $0.index < dated.index }
    }

    /// The group as it was when `index` was applied.
    package func group(at index: UInt64) -> (configuration: ConfigurationState, membership: MemberList) {
        let dated = self.configuration(at: index)
        return (dated.configuration, dated.membership)
    }

    private func configuration(at index: UInt64) -> Dated {
        guard let dated = self.configurations.last(where: { $0.index <= index }) else {
            preconditionFailure("the configuration at \(index) is forgotten")
        }
        return dated
    }
}

// MARK: - What follows

extension Member {
    /// Says what is to be done now.
    package mutating func takeWork() -> MemberWork {
        if self.shouldFlush { self.flush() }
        while self.node.hasReady {
            let ready = self.node.ready()
            self.work.reads += ready.readStates
            for message in ready.messages { self.sort(message) }
            self.handOver()
        }
        if self.node.role != .leader { self.notices = [] }
        self.announce()
        self.work.history += self.node.takeEvents()
        defer { self.work = MemberWork() }
        return self.work
    }

    /// Notes that `writes` are on disk, and says what waited for it.
    package mutating func written(_ writes: [LogWrite]) {
        for write in writes {
            self.writesInFlight -= 1
            if let snapshot = write.snapshot { self.restore(snapshot) }
            if !write.entries.isEmpty { self.node.log.append(write.entries) }
            if let state = write.hardState {
                self.node.log.hardState = state
                if write.mustSync { self.durableCommit = max(self.durableCommit, state.commit) }
            }
            for response in write.responses { self.deliver(response) }
        }
        self.handOver()
    }

    private mutating func sort(_ message: Message) {
        switch message.to {
        case .appendThread: self.write(message)
        case .applyThread: self.committed.append(message)
        default: self.send(message)
        }
    }

    private mutating func write(_ message: Message) {
        var write = LogWrite(
            entries: message.entries,
            snapshot: message.snapshot,
            responses: message.responses
        )
        let before = self.node.log.hardState
        if message.term > 0 || message.commit > 0 {
            write.hardState = HardState(term: message.term, vote: message.vote, commit: message.commit)
        } else if !message.entries.isEmpty {
            // Entries travel with the commit index: a restarted member must not fall back to a
            // configuration that the group has left behind.
            write.hardState = self.node.hardState
        }
        let promises = write.hardState.map { $0.term != before.term || $0.vote != before.vote } ?? false
        write.mustSync = promises || !message.entries.isEmpty || message.snapshot != nil
        self.enqueue(write)
    }

    private mutating func enqueue(_ write: LogWrite) {
        if write.mustSync, let state = write.hardState {
            self.requestedCommit = max(self.requestedCommit, state.commit)
        }
        self.writesInFlight += 1
        self.work.writes.append(write)
    }

    /// Sends a response of the disk to whom it is for.
    private mutating func deliver(_ response: Message) {
        guard response.to == self.id else { return self.work.messages.append(response) }
        do throws(RaftError) { try self.node.step(response) } catch {
            // A leader that was removed while it wrote: its own answer counts no more.
            if error == .unknownPeer(self.id) { return }
            preconditionFailure("raft refused its own \(response.kind): \(error)")
        }
    }

    /// Hands committed entries over, up to a change of the group that is not yet safe.
    ///
    /// A change counts only when the commit index that covers it is on disk. Otherwise a member could
    /// restart with a configuration that is more than one change old, whose majority need not overlap
    /// with the present one's.
    private mutating func handOver() {
        while let message = self.committed.first {
            let change = message.entries.last { $0.change != nil }
            if let change, change.index > self.durableCommit {
                guard change.index > self.requestedCommit else { return }
                return self.enqueue(LogWrite(hardState: self.node.hardState))
            }
            _ = self.committed.popFirst()
            self.hand(message.entries)
            for response in message.responses { self.deliver(response) }
        }
    }

    private mutating func hand(_ entries: [Entry]) {
        var batch: [CommittedEntry] = []
        batch.reserveCapacity(entries.count)
        // A snapshot of the leader's may have overtaken entries that waited here.
        for entry in entries where entry.index > self.handed {
            self.handed = entry.index
            switch entry.payload {
            case .normal(let data): batch.append(CommittedEntry(index: entry.index, data: data))
            case .configuration(let change):
                let configuration = self.put(change)
                self.configurations.append(
                    Dated(index: entry.index, configuration: configuration, membership: self.membership)
                )
                if !batch.isEmpty { self.work.events.append(.committed(batch)) }
                batch.removeAll()
                self.work.events.append(.membership(self.membership.snapshot, index: entry.index))
                self.work.changes.append(change.id)
            }
        }
        if !batch.isEmpty { self.work.events.append(.committed(batch)) }
    }

    /// Puts a change in force and returns the new configuration.
    private mutating func put(_ change: ConfigurationChange) -> ConfigurationState {
        guard !self.membership.isRevived(by: change) else { return self.node.configuration }
        do throws(RaftError) {
            let configuration = try self.node.apply(change)
            self.membership.apply(change)
            if self.node.role == .leader, !configuration.contains(self.id) { self.retire() }
            return configuration
        } catch {
            // Every member refuses the same change: it is as if it had not been proposed.
            return self.node.configuration
        }
    }

    /// This leader was removed: it serves until another member has its office, but takes no more proposals.
    ///
    /// If the heir does not hear of it, the others hear of the removal, and this leader no more.
    private mutating func retire() {
        self.isResigning = true
        if let heir = self.heir { self.node.transferLeadership(to: heir) }
    }

    private mutating func restore(_ snapshot: Snapshot) {
        let image = SnapshotImage.membership(of: snapshot.data)
        self.membership = MemberList(image)
        var bare = snapshot
        bare.data = []
        self.node.log.restore(bare)
        self.handed = snapshot.index
        self.durableCommit = max(self.durableCommit, snapshot.index)
        self.requestedCommit = max(self.requestedCommit, snapshot.index)
        self.configurations = [
            Dated(index: snapshot.index, configuration: snapshot.configuration, membership: self.membership)
        ]
        self.work.events.append(.restored(snapshot: snapshot.data, index: snapshot.index))
    }

    /// Tells the store when leadership begins and ends.
    ///
    /// It begins when everything in the log is committed and handed over, the entry that opens the term among
    /// it. It begins once a term: what the store computes on the state of one beginning must not be taken for
    /// that of another. While leadership is being handed over it pauses; if nobody took it, it goes on where
    /// it was.
    private mutating func announce() {
        let term = self.node.term
        let leads = self.node.role == .leader
        if let announced = self.announced, !leads || announced != term { self.endLeading() }
        if self.announced == nil, leads, self.lastAnnounced < term, self.node.hasCommittedInTerm,
            self.handed == self.node.lastIndex
        {
            self.announced = term
            self.lastAnnounced = term
            self.work.events.append(.becameLeader(term: term, next: self.node.lastIndex + 1))
        }
        guard self.announced != nil, self.isPaused != self.isHandingOver else { return }
        self.isPaused = self.isHandingOver
        self.work.events.append(self.isPaused ? .pausedLeading : .resumedLeading(term: term))
    }

    mutating func endLeading() {
        guard self.announced != nil else { return }
        self.announced = nil
        self.isPaused = false
        self.pending.removeAll()
        self.pendingBytes = 0
        self.work.events.append(.lostLeadership)
    }
}

extension Entry {
    /// The change of the group that the entry carries.
    fileprivate var change: ConfigurationChange? {
        if case .configuration(let change) = self.payload { change } else { nil }
    }
}
