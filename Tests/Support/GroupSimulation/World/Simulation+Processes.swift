import Primitives
import RaftCore
import ReplicatedStore
import Replication
import StoreCore
import SwarmAPI
import SwiftProtobuf

// How processes begin and end.
extension Simulation {
    private static let directory = "\(SimulatedDisk.root)/raft"

    /// Gives a machine an empty disk, and its member an identifier that nobody had before.
    mutating func provision(_ machine: Int) {
        let disk = SimulatedDisk(Chance(seed: self.memberChance.number(), concern: "disk"))
        self.provisioned += 1
        self.managers[machine].process = nil
        self.managers[machine].missed = nil
        self.managers[machine].isTampered = false
        self.managers[machine].disk = disk
        self.managers[machine].raftID = RaftID(
            rawValue: UInt64(self.memberChance.number(in: 1...999) * 10_000 + self.provisioned)
        )
        // What holds the manager's directory was there before; a failure can't happen yet.
        do throws(LogError) {
            try disk.createDirectory(Self.directory)
            try disk.syncDirectory(SimulatedDisk.root)
        } catch { preconditionFailure("an empty disk fails: \(error)") }
    }

    /// The member as the group names it.
    func named(_ machine: Int) -> SwarmRaftMember {
        .with {
            $0.raftID = self.managers[machine].raftID.rawValue
            $0.nodeID = "m\(machine)"
            $0.addr = self.managers[machine].address
        }
    }

    /// Begins a process on what the disk holds.
    mutating func start(_ machine: Int) throws(Violation) {
        let manager = self.managers[machine]
        self.managers[machine].isRestarting = false
        guard manager.process == nil, manager.role == .member else { return }
        switch self.open(machine) {
        case .success(let (storage, start)): try self.begin(machine, storage, start)
        case .failure(.io), .failure(.closed):
            self.note(machine, "fails to start", [])
            self.die(machine, losingPower: manager.disk.hasCrashed && self.faultChance.happens(0.5))
        case .failure(let error):
            guard manager.isTampered else {
                throw Violation("a member starts on what it wrote", "m\(machine): \(error)")
            }
            self.note(machine, "refuses its disk", [])
            self.giveUp(machine)
        }
    }

    private func open(_ machine: Int) -> Result<(storage: LogStorage, start: GroupStart), LogError> {
        let manager = self.managers[machine]
        var limits = LogLimits()
        limits.segmentBytes = self.plan.segmentBytes
        let origin: GroupOrigin =
            manager.contacts.isEmpty
            ? .found(self.named(machine))
            : .join(raftID: manager.raftID.rawValue, members: manager.contacts)
        do throws(LogError) {
            var storage = try LogStorage(directory: Self.directory, fileSystem: manager.disk, limits: limits)
            let start = GroupStart(storage, origin: origin)
            try storage.log.append(start.records)
            return .success((storage, start))
        } catch { return .failure(error) }
    }

    private mutating func begin(
        _ machine: Int,
        _ storage: LogStorage,
        _ start: GroupStart
    ) throws(Violation) {
        let id = self.managers[machine].raftID
        var mirror = self.mirrors[id] ?? DurableMirror()
        try mirror.check(start.log, of: id)
        mirror.adopt(start.log)
        self.mirrors[id] = mirror
        self.processes += 1
        let member = Member(
            id: id,
            log: start.log,
            membership: start.membership,
            contacts: start.contacts.map { RaftID(rawValue: $0.raftID) },
            limits: self.plan.limits,
            seed: self.memberChance.number()
        )
        var limits = StoreLimits()
        limits.snapshotInterval = self.plan.snapshotInterval
        limits.digestInterval = self.plan.digestInterval
        let restored = storage.snapshot.map { LogEvent.restored(snapshot: $0.bytes, index: $0.index) }
        self.managers[machine].process = ManagerProcess(
            number: self.processes,
            member: member,
            writer: LogWriter(storage),
            replica: StoreReplica(
                membership: start.membership.snapshot,
                limits: limits,
                firstRequest: self.memberChance.number()
            ),
            limits: self.plan.limits,
            firstRead: self.memberChance.number(),
            firstEvent: restored,
            contacts: start.contacts
        )
        let covered = storage.snapshot?.index ?? 0
        self.managers[machine].watched = Watched(
            commit: member.node.commitIndex,
            handed: covered,
            shown: covered,
            state: member.node.hardState
        )
        let deviation = (self.memberChance.fraction() * 2 - 1) * self.plan.skew
        self.managers[machine].tick = Span(microseconds: Int(100_000 * (1 + deviation)))
        let state = start.log.hardState
        self.note(
            machine,
            "starts: id term commit last",
            [id.rawValue, state.term, state.commit, start.log.lastIndex]
        )
        self.scheduleTick(machine)
        try self.step(machine, self.processes) { process in
            if process.member.node.isAlone { process.member.campaign() }
        }
    }

    /// The process is gone; another one comes after a while.
    mutating func die(_ machine: Int, losingPower: Bool, after pause: Span? = nil) {
        let manager = self.managers[machine]
        self.note(machine, losingPower ? "loses power" : "dies", [])
        manager.disk.restart(losingPower: losingPower)
        if !losingPower, let process = manager.process {
            self.reportDeath(of: process.member.id, on: machine)
        }
        self.managers[machine].process = nil
        self.managers[machine].missed = nil
        guard manager.role == .member, !manager.isRestarting else { return }
        self.managers[machine].isRestarting = true
        let longest = self.isHealing ? Span.milliseconds(500) : .seconds(6)
        let pause = pause ?? self.timeChance.time(.milliseconds(100), longest)
        self.queue.add(.start(machine: machine), at: self.now + pause)
    }

    /// The member was removed and nobody needs it any more: its process ends, and no other comes.
    mutating func leave(_ machine: Int) throws(Violation) {
        let id = self.managers[machine].raftID
        self.note(machine, "leaves", [id.rawValue])
        guard self.oracle.isRemoved(id) else {
            throw Violation("only who was removed leaves", "\(id) leaves")
        }
        self.managers[machine].disk.restart(losingPower: false)
        self.managers[machine].process = nil
        self.managers[machine].missed = nil
    }

    /// Connections to the dead process break, and nobody listens where it was.
    private mutating func reportDeath(of id: RaftID, on machine: Int) {
        for other in self.managers {
            guard let process = other.process, other.number != machine,
                self.network.isOpen(from: other.number, to: machine), self.timeChance.happens(0.7)
            else { continue }
            let delay = self.timeChance.time(.milliseconds(1), .milliseconds(20))
            self.queue.add(
                .report(machine: other.number, process: process.number, .died(id)),
                at: self.now + delay
            )
        }
    }

    /// The member can't come back: it has to be removed, and its machine joins anew.
    mutating func giveUp(_ machine: Int) {
        self.managers[machine].role = .broken
        self.managers[machine].process = nil
        self.managers[machine].missed = nil
        self.group.add(.remove(machine: machine))
        self.group.add(.join(machine: machine, learner: false))
    }

    /// The process stands still until `moment`.
    mutating func pause(_ machine: Int, until moment: Moment) {
        guard let process = self.managers[machine].process, self.managers[machine].missed == nil else {
            return
        }
        self.note(machine, "stands still", [])
        self.managers[machine].missed = []
        self.queue.add(.resume(machine: machine, process: process.number), at: moment)
    }

    mutating func resume(_ machine: Int, _ process: Int) throws(Violation) {
        guard self.managers[machine].process?.number == process, let missed = self.managers[machine].missed
        else { return }
        self.note(machine, "goes on", [])
        self.managers[machine].missed = nil
        for event in missed { self.queue.add(event, at: self.now) }
    }

    /// A manager ends in order: it hands leadership over first, then closes its log.
    mutating func stop(_ machine: Int, _ number: Int, _ deadline: Moment) throws(Violation) {
        guard let process = self.managers[machine].process, process.number == number else { return }
        let member = process.member
        let isDone = member.node.role != .leader || member.heir == nil || self.now >= deadline
        guard isDone else {
            try self.step(machine, number) { process in
                process.member.resign()
                guard process.member.isSettled, process.member.node.leadTransferee == .none,
                    let heir = process.member.heir
                else { return }
                process.member.transferLeadership(to: heir)
            }
            let next = SimulationEvent.stopping(machine: machine, process: number, deadline: deadline)
            return self.queue.add(next, at: self.now + .milliseconds(2))
        }
        // The batch that is under way is finished first.
        guard process.batch == nil else {
            let next = SimulationEvent.stopping(machine: machine, process: number, deadline: deadline)
            return self.queue.add(next, at: self.now + .milliseconds(1))
        }
        self.note(machine, "stops", [])
        self.managers[machine].process?.writer.finish(member.node.hardState)
        self.die(machine, losingPower: false)
    }
}
