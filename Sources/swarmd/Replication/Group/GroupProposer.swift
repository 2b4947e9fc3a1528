import Dispatch
package import struct Logging.Logger
package import Primitives
package import RaftCore
package import ReplicatedStore
import SwarmAPI
import Synchronization

/// A member of a raft group, as the store's log.
///
/// All decisions are `Member`'s. Whoever brings a fact (a proposal, a message, a tick, a finished write)
/// also carries out what follows from it, unless another thread is at it already; so a proposal reaches
/// the other members without a change of thread. One writer takes everything that waits, writes it at once and
/// syncs it once: on a queue of its own while messages travel or where the disk is slow, else on the same thread.
/// While it does, proposals gather: under load, many of them share one `fdatasync` and one message. A failed
/// write or sync closes the log for good.
package final class GroupProposer: Proposer {
    package let events: AsyncStream<LogEvent>
    /// This member's identifier in the group.
    package let id: RaftID

    let limits: GroupLimits
    let transport: any PeerTransport
    let log: Logger
    private let now: @Sendable () -> Timestamp
    private let turns: any Turns
    let outbox = EventOutbox()
    let state: Mutex<GroupState>
    let writer: Mutex<LogWriter>
    private let snapshots: SnapshotFiles
    /// What the files are encrypted with.
    let keys: DataKeyRing
    let writing = DispatchQueue(label: "swarmd.log.writer", qos: .userInitiated)
    let saving = DispatchQueue(label: "swarmd.log.snapshots", qos: .utility)
    private let failures: AsyncStream<LogError>
    let failing: AsyncStream<LogError>.Continuation

    /// Takes part in the group with the log in `storage`, which a new member begins as `origin` says.
    ///
    /// Returns when that is durable. `seed` feeds the election time-outs. What the log holds comes in `events`
    /// as raft finds it committed. `turns` say when its caller's thread has nothing else to do: the proposals that
    /// were made by then leave together.
    package init(
        storage: consuming LogStorage,
        origin: GroupOrigin,
        transport: any PeerTransport = NoPeers(),
        limits: GroupLimits = GroupLimits(),
        seed: UInt64,
        now: @escaping @Sendable () -> Timestamp,
        turns: any Turns = QueueTurns(),
        log: Logger = Logger(label: "group")
    ) throws(LogError) {
        let start = GroupStart(storage, origin: origin)
        try storage.log.append(start.records)
        self.id = RaftID(rawValue: origin.raftID)
        self.limits = limits
        self.transport = transport
        self.now = now
        self.turns = turns
        self.log = log
        self.events = self.outbox.stream()
        (self.failures, self.failing) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        self.state = Mutex(
            GroupState(
                member: Member(
                    id: self.id,
                    log: start.log,
                    membership: start.membership,
                    contacts: start.contacts.map { RaftID(rawValue: $0.raftID) },
                    limits: limits,
                    seed: seed
                ),
                reads: ReadRounds(first: seed),
                digests: DigestLedger(of: self.id),
                firstIndex: storage.log.firstIndex,
                snapshotIndex: storage.snapshot?.index ?? 0,
                bytesOnDisk: storage.log.bytesOnDisk
            )
        )
        if let snapshot = storage.snapshot {
            self.outbox.post(.restored(snapshot: snapshot.bytes, index: snapshot.index))
        }
        self.snapshots = storage.snapshots
        self.keys = storage.keys
        self.writer = Mutex(LogWriter(storage))
        transport.setMembers(start.contacts)
        // What is known to be committed says who belongs to the group; a group of one has nobody to wait for.
        self.pump()
        self.state.withLock { state in
            if state.member.node.isAlone { state.member.campaign() }
        }
        self.pump()
    }

    /// Ticks, and follows what the transport reports, until it is cancelled or the log fails.
    ///
    /// Throws the `LogError` that put the log out of service. When cancelled, it writes what was proposed
    /// and closes the log.
    package func run() async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { for await failure in self.failures { throw failure } }
                group.addTask { await self.keepTime() }
                group.addTask { await self.followReports() }
                group.addTask { try await self.transport.run() }
                try await group.next()
            }
        } catch let error as CancellationError {
            await self.close()
            throw error
        }
        await self.close()
    }

    package func propose(_ data: [UInt8], term: UInt64) throws(ProposalError) -> UInt64 {
        guard data.count <= self.limits.entryBytes else { throw .tooLarge(bytes: data.count) }
        let waiting = self.outbox.bytes
        let result: Result<(index: UInt64, next: Next), ProposalError> = self.state.withLock { state in
            guard state.isOpen else { return .failure(.closed) }
            guard state.queuedBytes + waiting + data.count <= self.limits.bytesInFlight else {
                return .failure(.overloaded)
            }
            do throws(ProposalError) {
                let index = try state.member.propose(data, term: term)
                state.queuedBytes += data.count
                guard state.member.isGathering else {
                    defer { state.isPumpPlanned = true }
                    return .success((index, state.isPumpPlanned ? .nothing : .pump))
                }
                if state.member.gathered == 1 { state.gatheringSince = .now }
                guard !state.isTimed else { return .success((index, .nothing)) }
                state.startTiming()
                return .success((index, .time))
            } catch {
                return .failure(error)
            }
        }
        let (index, next) = try result.get()
        switch next {
        case .pump:
            self.turns.afterwards {
                self.state.withLock { $0.isPumpPlanned = false }
                self.pump()
            }
        case .time: self.lookAgain(after: self.limits.gathering)
        case .nothing: break
        }
        return index
    }

    /// What a proposal asks of the one who made it.
    private enum Next { case pump, time, nothing }

    /// Sends on their way what waited for company for too long: proposals, and the news of a commit.
    private func lookAgain(after patience: Duration) {
        self.turns.after(patience) {
            let (rest, isDue) = self.state.withLock { $0.lookAgain(self.limits.gathering) }
            if isDue { self.pump() }
            if let rest { self.lookAgain(after: rest) }
        }
    }

    package func readIndex() async throws(ProposalError) -> UInt64 {
        let result = await withCheckedContinuation { waiter in
            let refusal: ProposalError? = self.state.withLock { state in
                guard state.isOpen else { return .closed }
                guard state.reads.count < self.limits.readsWaiting else { return .overloaded }
                state.reads.add(waiter)
                self.ask(&state)
                return nil
            }
            if let refusal { waiter.resume(returning: .failure(refusal)) } else { self.pump() }
        }
        return try result.get()
    }

    package var status: LogStatus { self.state.withLock { $0.status } }

    /// What the log did since it was opened.
    package var counters: LogCounters { self.writer.withLock { $0.storage.log.counters } }

    /// Takes messages of other members.
    package func receive(_ messages: [Message]) {
        let now = self.now()
        self.state.withLock { state in
            guard state.isOpen else { return }
            for message in messages { state.member.step(message) }
            if let from = messages.last?.from { state.contacts[from.rawValue] = now }
        }
        if let defect = self.state.withLock({ $0.isOpen ? $0.member.defect : nil }) {
            return self.fail(.contradicted(defect.description))
        }
        self.pump()
    }

    package func compact(upTo index: UInt64, snapshot: some Sequence<[UInt8]> & Sendable) async throws {
        let (term, configuration) = try self.state.withLock { state in
            guard state.isOpen else { throw LogError.closed }
            let group = state.member.group(at: index)
            guard let term = state.member.node.log.term(at: index) else { throw LogError.closed }
            return (term, RaftWire.encode(group.configuration))
        }
        let files = self.snapshots
        try await self.perform(on: self.saving) { () throws(LogError) in
            try files.store(term: term, index: index, configuration: configuration, slices: snapshot)
        }
        try await self.perform(on: self.writing) { () throws(LogError) in try self.shorten(upTo: index) }
    }
}

// MARK: - Carrying out

extension GroupProposer {
    /// Carries out what the member wants, unless another thread does.
    func pump() {
        while true {
            let step: Step? = self.state.withLock { state in
                if state.isPumping {
                    state.pumpAgain = true
                    return nil
                }
                (state.isPumping, state.pumpAgain) = (true, false)
                return self.take(&state)
            }
            guard let step else { return }
            self.carryOut(step.work)
            switch step.writer {
            case .here: self.drain()
            case .afterwards: self.turns.afterwards(self.drain)
            case .queue: self.writing.async { @Sendable in self.drain() }
            case nil: break
            }
            if step.looksAgain { self.lookAgain(after: self.limits.gathering) }
            let (again, isEndDue) = self.state.withLock { state in
                state.isPumping = false
                guard !state.pumpAgain else { return (true, false) }
                defer { state.isEndDue = false }
                return (false, state.isEndDue)
            }
            if isEndDue { self.writing.async { @Sendable in self.finish() } }
            if !again { return }
        }
    }

    /// Who writes to the log.
    private enum Writer { case here, afterwards, queue }

    /// What whoever pumps does next.
    private struct Step {
        var work: MemberWork
        /// Who writes what waits for the log; nil while somebody does.
        var writer: Writer?
        /// Whether to look later at what waits for company.
        var looksAgain: Bool
    }

    /// Takes the member's work; its writes go to the writer's list while the lock is held, so that they
    /// keep their order.
    ///
    /// Where proposals do not gather and the disk is quick, whoever pumps writes too, as soon as the messages are
    /// on their way: another thread would take longer to wake than to write.
    private func take(_ state: inout GroupState) -> Step {
        var work = state.member.takeWork()
        let writes = work.writes
        state.writes += writes
        work.writes = []
        var writer: Writer?
        if !state.writes.isEmpty, !state.isWriting {
            state.isWriting = true
            if state.member.expectsProposals || !state.isQuickToWrite(self.limits) {
                writer = .queue
            } else {
                writer = work.messages.isEmpty ? .here : .afterwards
            }
        }
        for event in work.history {
            if let change = RoleChange(event, at: self.now()) { state.note(change) }
        }
        let looksAgain = state.member.unsaidCommit != nil && !state.isTimed
        if looksAgain { state.startTiming() }
        return Step(work: work, writer: writer, looksAgain: looksAgain)
    }

    private func carryOut(_ work: MemberWork) {
        if !work.messages.isEmpty { self.transport.send(work.messages) }
        for event in work.events {
            self.outbox.post(event)
            switch event {
            case .committed(let entries):
                let bytes = entries.reduce(0) { $0 + $1.data.count }
                // Entries of other leaders were never counted.
                self.state.withLock { $0.queuedBytes = max(0, $0.queuedBytes - bytes) }
            case .membership(let group, _): self.transport.setMembers(group.members)
            case .restored(let bytes, _):
                self.transport.setMembers(SnapshotImage.membership(of: bytes).members)
            case .lostLeadership: self.settleChange(nil)
            case .becameLeader, .pausedLeading, .resumedLeading: break
            }
        }
        for id in work.changes { self.settleChange(id) }
        for read in work.reads {
            let waiters = self.state.withLock { state in
                let waiters = state.reads.answered(read.context)
                self.ask(&state)
                return waiters
            }
            for waiter in waiters { waiter.resume(returning: .success(read.index)) }
        }
    }

    /// Sends the next round of reads.
    private func ask(_ state: inout GroupState) {
        guard let context = state.reads.begin(deadline: state.ticks + UInt64(self.limits.readTicks)) else {
            return
        }
        state.member.read(context)
        state.pumpAgain = true
    }

    private func keepTime() async {
        var next = ContinuousClock.now
        while !Task.isCancelled {
            next += self.limits.tick
            // After a pause of the whole process the missed ticks do not count.
            next = max(next, ContinuousClock.now)
            try? await ContinuousClock().sleep(until: next)
            self.tick()
        }
    }

    private func tick() {
        let expired = self.state.withLock { state in
            state.ticks += 1
            state.member.tick()
            let expired = state.reads.expired(now: state.ticks)
            self.ask(&state)
            return expired
        }
        if self.state.withLock({ $0.changeIsOverdue }) { self.settleChange(nil) }
        if self.state.withLock({ $0.member.isDismissed && $0.isOpen }) { self.fail(.removed) }
        for waiter in expired { waiter.resume(returning: .failure(.notLeader)) }
        self.pump()
    }

    private func followReports() async {
        for await report in self.transport.reports {
            self.state.withLock { state in
                switch report {
                case .unreachable(let peer): state.member.unreachable(peer)
                case .snapshot(let peer, let delivered):
                    state.member.sentSnapshot(to: peer, succeeded: delivered)
                case .died(let peer): state.member.died(peer)
                case .removed(let peer): state.member.told(removedBy: peer)
                }
            }
            self.pump()
        }
    }
}
