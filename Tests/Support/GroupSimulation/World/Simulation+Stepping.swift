import RaftCore
import ReplicatedStore
import Replication
import StoreCore
import SwarmAPI

// What managers do, step by step, under the eyes of the oracle.
extension Simulation {
    mutating func scheduleTick(_ machine: Int) {
        guard let process = self.managers[machine].process else { return }
        let moment = self.now + self.managers[machine].tick
        self.queue.add(.tick(machine: machine, process: process.number), at: moment)
    }

    mutating func tick(_ machine: Int, _ process: Int) throws(Violation) {
        guard self.managers[machine].process?.number == process else { return }
        self.scheduleTick(machine)
        // A process that stands still misses its ticks.
        guard self.managers[machine].missed == nil else { return }
        try self.step(machine, process) { $0.tick() }
        if self.managers[machine].process?.member.isDismissed == true { try self.leave(machine) }
    }

    /// Lets a process do something, and carries out what follows.
    mutating func step(
        _ machine: Int,
        _ process: Int,
        _ body: (inout ManagerProcess) -> Void
    ) throws(Violation) {
        guard self.managers[machine].process?.number == process else { return }
        if self.managers[machine].process != nil { Self.apply(body, to: &self.managers[machine].process) }
        try self.settle(machine)
    }

    private static func apply(_ body: (inout ManagerProcess) -> Void, to process: inout ManagerProcess?) {
        guard var taken = process.take() else { return }
        body(&taken)
        process = taken
    }

    /// Carries out what a manager wants until it wants nothing.
    mutating func settle(_ machine: Int) throws(Violation) {
        while let work = self.managers[machine].process?.takeWork() {
            try self.watch(machine, work)
            for message in work.messages { try self.send(message, from: machine) }
        }
        try self.checkState(machine)
        guard let process = self.managers[machine].process else { return }
        if process.hasEvents, !process.isStoreCalled {
            self.managers[machine].process?.isStoreCalled = true
            let delay = self.timeChance.time(mean: self.plan.storeTime)
            self.queue.add(.storeTurn(machine: machine, process: process.number), at: self.now + delay)
        }
        try self.beginWrite(machine)
        self.answer(machine)
    }

    /// Shows the oracle what a member does.
    private mutating func watch(_ machine: Int, _ work: MemberWork) throws(Violation) {
        guard let process = self.managers[machine].process else { return }
        let node = process.member.node
        try self.checkCommit(machine, node)
        for event in work.history {
            guard case .becameLeader(let term) = event else { continue }
            self.note(machine, "leads: term last", [term, node.lastIndex])
            try self.oracle.leads(node, in: term)
        }
        for write in work.writes { try self.watch(machine, node, write) }
        for event in work.events { try self.watch(machine, event) }
    }

    private mutating func watch(
        _ machine: Int,
        _ node: RaftNode,
        _ write: LogWrite
    ) throws(Violation) {
        guard let first = write.entries.first else { return }
        let previous = node.term(at: first.index - 1) ?? 0
        try self.oracle.writes(write.entries, previousTerm: previous)
        var changes = self.managers[machine].watched.changes.filter { $0 < first.index }
        for entry in write.entries {
            if case .configuration = entry.payload { changes.append(entry.index) }
        }
        self.managers[machine].watched.changes = changes
        try self.oracle.checkChanges(changes, of: node.id)
    }

    private mutating func watch(_ machine: Int, _ event: LogEvent) throws(Violation) {
        let id = self.managers[machine].raftID
        switch event {
        case .committed(let entries):
            for entry in entries {
                try self.oracle.hands(entry, after: self.managers[machine].watched.handed, by: id)
                self.managers[machine].watched.handed = entry.index
            }
            self.note(machine, "applies up to", [self.managers[machine].watched.handed])
        case .restored(let bytes, let index):
            self.note(machine, "restores", [index])
            guard index > self.managers[machine].watched.handed else {
                throw Violation("nothing is applied twice", "\(id) goes back to \(index)")
            }
            try self.oracle.snapshots(bytes, at: index, of: id)
            self.managers[machine].watched.handed = index
        case .membership(let group, let index):
            guard self.mirrors[id]?.state.commit ?? 0 >= index else {
                throw Violation(
                    "a change of the group counts when it is durable",
                    "\(id) applies that at \(index)"
                )
            }
            let entry = CommittedEntry(index: index, data: [])
            try self.oracle.hands(entry, after: self.managers[machine].watched.handed, by: id)
            self.managers[machine].watched.handed = index
            self.note(machine, "sees a group of", group.members.map(\.raftID))
            let configuration = self.managers[machine].process?.member.node.configuration
            guard !group.removed.contains(where: { configuration?.contains(RaftID(rawValue: $0)) == true })
            else {
                throw Violation("a removed member never counts", "it votes or learns for \(id) at \(index)")
            }
            try self.oracle.groups(group, at: self.managers[machine].watched.handed, of: id)
        case .becameLeader(let term, let next):
            guard term > self.managers[machine].watched.office else {
                throw Violation("an office begins once a term", "\(id) announces that of term \(term) again")
            }
            self.managers[machine].watched.office = term
            self.note(machine, "announces: term next", [term, next])
        case .pausedLeading: self.note(machine, "pauses", [])
        case .resumedLeading(let term): self.note(machine, "leads on: term", [term])
        case .lostLeadership: self.note(machine, "gives up leading", [])
        }
    }

    private mutating func checkCommit(_ machine: Int, _ node: RaftNode) throws(Violation) {
        let old = self.managers[machine].watched.commit
        guard node.commitIndex != old else { return }
        guard node.commitIndex > old else {
            throw Violation("commits never go back", "\(node.id): \(old) became \(node.commitIndex)")
        }
        self.managers[machine].watched.commit = node.commitIndex
        let mirrors = self.mirrors
        let group = self.managers[machine].watched.group
        self.managers[machine].watched.group = node.configuration
        try self.oracle.commits(node, after: old, before: group) { index, term in
            mirrors.keys.filter { mirrors[$0]?.holds(index, term: term) == true }.sorted()
        }
    }

    private mutating func checkState(_ machine: Int) throws(Violation) {
        guard let process = self.managers[machine].process else { return }
        if let defect = process.member.defect {
            throw Violation("a log keeps what it acknowledged", "\(process.member.id): \(defect)")
        }
        let state = process.member.node.hardState
        let old = self.managers[machine].watched.state
        guard state != old else { return }
        guard state.term >= old.term else {
            throw Violation("terms never go back", "m\(machine): \(old.term) became \(state.term)")
        }
        if state.term == old.term, old.vote != .none, state.vote != old.vote {
            throw Violation("one vote a term", "m\(machine): \(old.vote) became \(state.vote)")
        }
        self.managers[machine].watched.state = state
    }
}

// MARK: - Disk

extension Simulation {
    private mutating func beginWrite(_ machine: Int) throws(Violation) {
        guard let batch = self.managers[machine].process?.beginWrite() else { return }
        self.mirrors[self.managers[machine].raftID]?.begin(batch)
        // The bytes get there at the beginning of the time that it takes, or at its end.
        if self.timeChance.happens(0.5), try !self.performWrite(machine) { return }
        guard let process = self.managers[machine].process else { return }
        let time =
            batch.allSatisfy(\.isNothing)
            ? Span(microseconds: 1) : self.timeChance.time(mean: self.plan.syncTime)
        self.queue.add(.written(machine: machine, process: process.number), at: self.now + time)
    }

    /// Brings the batch to the disk; false if the process did not survive that.
    private mutating func performWrite(_ machine: Int) throws(Violation) -> Bool {
        guard let process = self.managers[machine].process, let batch = process.batch else { return false }
        guard !process.isBatchPerformed else { return true }
        guard self.onDisk(machine, { process throws(LogError) in try process.performWrite() }) else {
            return false
        }
        self.mirrors[self.managers[machine].raftID]?.end(batch)
        return true
    }

    mutating func written(_ machine: Int, _ number: Int) throws(Violation) {
        guard self.managers[machine].process?.number == number, try self.performWrite(machine) else { return }
        guard self.onDisk(machine, { process throws(LogError) in try process.endWrite() }) else { return }
        try self.settle(machine)
    }

    mutating func save(_ machine: Int, _ number: Int, _ snapshot: StoredSnapshot) throws(Violation) {
        guard let process = self.managers[machine].process, process.number == number else { return }
        let files = process.writer.storage.snapshots
        do throws(LogError) { try files.store(snapshot) } catch {
            // The log keeps everything, and there will be another try.
            if self.managers[machine].disk.hasCrashed { return self.fallOver(machine) }
            let next = SimulationEvent.saveAgain(machine: machine, process: number)
            return self.queue.add(next, at: self.now + .seconds(1))
        }
        self.note(machine, "saves", [snapshot.index])
        if self.onDisk(machine, { process throws(LogError) in try process.saved(snapshot.index) }) {
            try self.beginSave(machine)
            try self.settle(machine)
        }
    }

    mutating func saveAgain(_ machine: Int, _ number: Int) throws(Violation) {
        guard self.managers[machine].process?.number == number else { return }
        self.managers[machine].process?.replica.snapshotEnded(stored: false)
        try self.beginSave(machine)
    }

    private mutating func beginSave(_ machine: Int) throws(Violation) {
        guard let process = self.managers[machine].process?.number,
            let snapshot = self.managers[machine].process?.beginSave()
        else { return }
        try self.oracle.snapshots(snapshot.bytes, at: snapshot.index, of: self.managers[machine].raftID)
        let time = self.timeChance.time(mean: Span(microseconds: self.plan.syncTime.microseconds * 10))
        self.queue.add(.saved(machine: machine, process: process, snapshot), at: self.now + time)
    }

    /// Lets a process use its disk; if that fails, the process ends, and the answer is false.
    private mutating func onDisk(
        _ machine: Int,
        _ body: (inout ManagerProcess) throws(LogError) -> Void
    ) -> Bool {
        guard var process = self.managers[machine].process.take() else { return false }
        do throws(LogError) {
            try body(&process)
            self.managers[machine].process = process
            return true
        } catch {
            self.managers[machine].process = process
            self.fallOver(machine)
            return false
        }
    }

    private mutating func fallOver(_ machine: Int) {
        let hasCrashed = self.managers[machine].disk.hasCrashed
        self.note(machine, hasCrashed ? "dies at its disk" : "stops at an error of its disk", [])
        self.die(machine, losingPower: hasCrashed && self.faultChance.happens(0.6))
    }
}

// MARK: - Store

extension Simulation {
    mutating func turnOfStore(_ machine: Int, _ number: Int) throws(Violation) {
        guard self.managers[machine].process?.number == number else { return }
        self.managers[machine].process?.isStoreCalled = false
        let id = self.managers[machine].raftID
        var outcomes: [StoreOutcome<Ticket>] = []
        do { outcomes = try self.managers[machine].process?.turnOfStore() ?? [] } catch {
            throw Violation("entries can be applied", "\(id): \(error)")
        }
        guard let version = self.managers[machine].process?.replica.version else { return }
        for outcome in outcomes {
            switch outcome {
            case .committed(let index, let changes):
                guard index > self.managers[machine].watched.shown else {
                    throw Violation("watchers see commits in order", "\(id) shows \(index) again")
                }
                self.managers[machine].watched.shown = index
                try self.oracle.commits(Commit(index: index, changes: changes, version: version), by: id)
            case .restored(let index): self.managers[machine].watched.shown = index
            case .digestDue(let part): try self.makeDigest(part, on: machine)
            case .settled, .leadership: continue
            }
        }
        try self.beginSave(machine)
        try self.settle(machine)
    }

    private mutating func makeDigest(_ part: DigestPart, on machine: Int) throws(Violation) {
        guard let (digest, findings) = self.managers[machine].process?.makeDigest(part) else { return }
        try self.oracle.digests(digest, at: part.index, by: self.managers[machine].raftID)
        try self.check(findings, on: machine)
        self.share(digest, at: part.index, from: machine)
    }
}
