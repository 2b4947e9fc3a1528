import Linearizability
import Primitives
import RaftCore
import Replication
import SwarmAPI

/// One run: a group of managers with clients, first in danger and then left alone, as a seed has it.
///
/// Single-threaded and without a clock. Everything that happens comes from one queue of events and the dice of
/// the seed, so that a run can be repeated.
package struct Simulation: Sendable {
    /// The part of a run.
    enum Phase: Sendable, Equatable {
        /// The members join; nothing goes wrong yet.
        case forming
        /// Anything may go wrong until then.
        case dangerous(until: Moment)
        /// Nothing goes wrong any more, and by then everything must be well.
        case healing(since: Moment, until: Moment)
    }

    let seed: UInt64
    let plan: SimulationPlan
    var now = Moment.start
    var phase = Phase.forming
    var queue = EventQueue<SimulationEvent>()
    var network: SimulatedNetwork
    var managers: [SimulatedManager] = []
    var clients: [SimulatedClient] = []
    var operations: [ClientOperation] = []
    /// Which attempt at each operation a manager works on.
    var attempts: [Int: Int] = [:]
    var group: GroupOperator
    var oracle = GroupOracle()
    var mirrors: [RaftID: DurableMirror] = [:]
    var trace: Trace
    var events = 0
    var processes = 0
    var provisioned = 0
    var faultCounts: [FaultKind: Int] = [:]
    /// How many calls and answers of clients there were: the order of the history.
    var clock: UInt64 = 0
    /// The first operation after danger was over, and whether a write since then was committed.
    var firstCalmOperation: Int?
    var hasFreshWrite = false

    // Dice of their own for each concern.
    var timeChance: Chance
    var faultChance: Chance
    var clientChance: Chance
    var memberChance: Chance

    /// The run of `seed`; `echo` gets each line of its trace.
    package init(seed: UInt64, plan: SimulationPlan? = nil, echo: (@Sendable (String) -> Void)? = nil) {
        self.seed = seed
        let plan = plan ?? SimulationPlan(seed: seed)
        self.plan = plan
        self.network = SimulatedNetwork(NetworkConditions(), Chance(seed: seed, concern: "network"))
        self.trace = Trace(echo: echo)
        self.timeChance = Chance(seed: seed, concern: "time")
        self.faultChance = Chance(seed: seed, concern: "fault")
        self.clientChance = Chance(seed: seed, concern: "client")
        self.memberChance = Chance(seed: seed, concern: "member")
        self.group = GroupOperator(Chance(seed: seed, concern: "operator"))
        for number in 0..<plan.machines {
            let disk = SimulatedDisk(Chance(seed: seed, concern: "disk \(number)"))
            self.managers.append(SimulatedManager(number: number, disk: disk))
        }
        self.clients = (0..<plan.clients).map { SimulatedClient(number: $0) }
    }

    /// Runs until everything is well again or a rule is broken.
    package mutating func run() -> SimulationReport {
        var violation: Violation?
        do throws(Violation) {
            try self.found()
            while let next = self.queue.next() {
                self.now = next.moment
                self.events += 1
                try self.handle(next.event)
                if try self.isOver() { break }
            }
            try self.checkHistory()
        } catch {
            violation = error
        }
        return SimulationReport(
            seed: self.seed,
            violation: violation,
            hash: self.trace.hash,
            events: self.events,
            end: self.now,
            history: self.history,
            faults: FaultKind.allCases.compactMap { kind in self.faultCounts[kind].map { (kind, $0) } },
            tail: self.trace.tail
        )
    }

    /// Begins the group with one member; the operator brings the others in.
    private mutating func found() throws(Violation) {
        self.managers[0].role = .member
        self.provision(0)
        try self.start(0)
        for machine in 1..<max(1, self.plan.members) {
            self.group.add(.join(machine: machine, learner: self.memberChance.happens(0.3)))
        }
        self.queue.add(.operate, at: self.now)
        for client in self.clients.indices { self.wake(client) }
    }

    /// Moves on from one phase to the next; says whether the last one is over.
    private mutating func isOver() throws(Violation) -> Bool {
        switch self.phase {
        case .forming:
            guard self.group.isIdle || self.now > Moment.start + .seconds(10) else { return false }
            self.phase = .dangerous(until: self.now + self.plan.dangerous)
            self.network.conditions = self.plan.network
            self.note(-1, "danger begins", [])
            self.queue.add(.fault, at: self.now + self.timeChance.time(mean: self.plan.faultInterval))
            return false
        case .dangerous(let end):
            guard self.now >= end else { return false }
            self.phase = .healing(since: self.now, until: self.now + self.plan.patience)
            try self.calm()
            return false
        case .healing(let start, let end):
            if let reason = self.unwell(since: start) {
                guard self.now >= end else { return false }
                throw Violation("the group recovers", reason)
            }
            return true
        }
    }

    /// Whether danger is over.
    var isHealing: Bool { if case .healing = self.phase { true } else { false } }

    /// Adds a line to the trace.
    mutating func note(_ machine: Int, _ what: StaticString, _ numbers: [UInt64]) {
        self.trace.note(self.now, machine, what, numbers)
    }

    /// The time on the wall.
    var wallClock: Timestamp {
        Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(self.now.microseconds) * 1000)
    }
}

// MARK: - Events

extension Simulation {
    private mutating func handle(_ event: SimulationEvent) throws(Violation) {
        if let machine = event.machine, self.managers[machine].missed != nil {
            self.managers[machine].missed?.append(event)
            return
        }
        switch event {
        case .tick(let machine, let process): try self.tick(machine, process)
        case .message(let machine, let port, let letter): try self.receive(letter, at: machine, port: port)
        case .report(let machine, let process, let report):
            try self.step(machine, process) { $0.report(report) }
        case .digest(let machine, let digest, let index, let id):
            try self.compare(digest, at: index, of: id, on: machine)
        case .written(let machine, let process): try self.written(machine, process)
        case .storeTurn(let machine, let process): try self.turnOfStore(machine, process)
        case .saved(let machine, let process, let snapshot): try self.save(machine, process, snapshot)
        case .saveAgain(let machine, let process): try self.saveAgain(machine, process)
        case .start(let machine): try self.start(machine)
        case .resume(let machine, let process): try self.resume(machine, process)
        case .stopping(let machine, let process, let deadline): try self.stop(machine, process, deadline)
        case .roomAgain(let machine): self.managers[machine].disk.faults.isFull = false
        case .heal(let cut): self.network.heal(cut)
        case .fault: try self.somethingGoesWrong()
        case .operate: try self.operate()
        case .wake(let client): self.act(client)
        case .request(let machine, let operation, let attempt, let call):
            try self.request(machine, operation, attempt, call)
        case .reply(let operation, let attempt, let reply): self.replied(operation, attempt, reply)
        case .timeout(let operation): self.timeOut(operation)
        }
    }
}
