import Linearizability
import RaftCore
import Replication

// What clients do.
extension Simulation {
    private static let attempts = 12

    /// Lets a client act again after a while.
    mutating func wake(_ client: Int) {
        let pause = self.clientChance.time(mean: self.plan.thinkTime)
        self.queue.add(.wake(client: client), at: self.now + pause)
    }

    /// A client begins an operation; in the end, none begins any more once a fresh write is done.
    mutating func act(_ client: Int) {
        guard !self.hasFreshWrite else { return }
        guard self.phase != .forming else { return self.wake(client) }
        let number = self.operations.count
        let call = self.clients[client].choose(
            names: self.plan.names,
            operation: number,
            &self.clientChance
        )
        self.clock += 1
        self.operations.append(ClientOperation(client: client, call: call, called: self.clock))
        if self.isHealing, self.firstCalmOperation == nil { self.firstCalmOperation = number }
        let patience = self.clientChance.time(.milliseconds(500), .seconds(4))
        self.queue.add(.timeout(operation: number), at: self.now + patience)
        self.note(-1, "client calls", [UInt64(client), UInt64(number)])
        self.ask(number, self.clients[client].favourite)
    }

    private mutating func ask(_ operation: Int, _ machine: Int) {
        let delay = self.clientChance.time(mean: .milliseconds(1))
        let event = SimulationEvent.request(
            machine: machine,
            operation: operation,
            attempt: self.operations[operation].attempt,
            self.operations[operation].call
        )
        self.queue.add(event, at: self.now + delay)
    }

    /// A manager gets a request; where none is, the connection is refused.
    mutating func request(
        _ machine: Int,
        _ operation: Int,
        _ attempt: Int,
        _ call: ControlCall
    ) throws(Violation) {
        guard let number = self.managers[machine].process?.number else {
            return self.sendReply(operation, attempt, .elsewhere(leader: nil))
        }
        self.attempts[operation] = attempt
        let wallClock = self.wallClock
        try self.step(machine, number) { $0.request(operation, call, now: wallClock) }
    }

    /// Sends the answers that a manager has.
    mutating func answer(_ machine: Int) {
        guard let replies = self.managers[machine].process?.takeReplies(), !replies.isEmpty else { return }
        let leader = self.managers[machine].process?.member.node.leader
        let hint = self.managers.firstIndex { $0.raftID == leader && leader != RaftID.none }
        for (operation, reply) in replies {
            var reply = reply
            if case .elsewhere = reply { reply = .elsewhere(leader: hint == machine ? nil : hint) }
            self.sendReply(operation, self.attempts[operation] ?? 0, reply)
        }
    }

    private mutating func sendReply(_ operation: Int, _ attempt: Int, _ reply: ManagerReply) {
        let delay = self.clientChance.time(mean: .milliseconds(1))
        self.queue.add(.reply(operation: operation, attempt: attempt, reply), at: self.now + delay)
    }

    /// A client gets an answer.
    mutating func replied(_ number: Int, _ attempt: Int, _ reply: ManagerReply) {
        let operation = self.operations[number]
        guard case .open = operation.outcome, operation.attempt == attempt else { return }
        switch reply {
        case .done(let reply):
            self.clock += 1
            self.operations[number].outcome = .known(reply, at: self.clock)
            self.clients[operation.client].learn(operation.call, reply)
            self.noteFreshWrite(number, reply)
            self.note(-1, "client hears", [UInt64(operation.client), UInt64(number)])
            self.wake(operation.client)
        case .elsewhere(let leader):
            guard attempt < Self.attempts else {
                self.operations[number].outcome = .void
                return self.wake(operation.client)
            }
            self.operations[number].attempt += 1
            let machine = leader ?? self.clientChance.number(in: 0...self.managers.count - 1)
            self.clients[operation.client].favourite = machine
            self.ask(number, machine)
        case .unknown:
            self.operations[number].outcome = .unknown
            self.wake(operation.client)
        }
    }

    private mutating func noteFreshWrite(_ number: Int, _ reply: ControlReply) {
        guard let first = self.firstCalmOperation, number >= first else { return }
        switch reply {
        case .created, .updated, .removed: self.hasFreshWrite = true
        case .alreadyExists, .outOfSequence, .found, .notFound: break
        }
    }

    /// A client has waited for too long.
    mutating func timeOut(_ number: Int) {
        let operation = self.operations[number]
        guard case .open = operation.outcome else { return }
        self.operations[number].outcome = .unknown
        self.clients[operation.client].favourite = self.clientChance.number(in: 0...self.managers.count - 1)
        self.note(-1, "client gives up", [UInt64(operation.client), UInt64(number)])
        self.wake(operation.client)
    }

    /// What clients did, for the checker; what surely had no effect, and reads without an answer, say nothing.
    var history: [Operation<ControlCall, ControlReply>] {
        self.operations.compactMap { operation in
            let outcome: Operation<ControlCall, ControlReply>.Outcome
            switch operation.outcome {
            case .known(let reply, let moment): outcome = .known(reply, at: moment)
            case .open, .unknown:
                if case .get = operation.call.action { return nil }
                outcome = .unknown
            case .void: return nil
            }
            return Operation(
                client: operation.client,
                input: operation.call,
                called: operation.called,
                outcome: outcome
            )
        }
    }

    /// Checks that what clients were told could have been told by a single machine.
    func checkHistory() throws(Violation) {
        let verdict = HistoryChecker(ControlModel()).check(self.history)
        guard let counterexample = verdict.counterexample else { return }
        throw Violation("operations are linearizable", "\(counterexample)")
    }
}
