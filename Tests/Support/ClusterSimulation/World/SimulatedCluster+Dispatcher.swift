import Dispatching
import SwarmAPI
import GroupSimulation
import Primitives
import StoreCore

// What the leader's dispatcher does.
extension SimulatedCluster {
    /// Does what the table of sessions asks for.
    mutating func perform(_ actions: [SessionTable.Action]) {
        for action in actions {
            switch action {
            case .markUnknown(let node): self.mark(.mark(node: node, .unknown, message: "new leader"))
            case .markDisconnected(let node):
                self.mark(.mark(node: node, .disconnected, message: "looks for a manager"))
            case .markDown(let node, let message): self.mark(.mark(node: node, .down, message: message))
            case .close(let node, let session): self.closeStreams(node, session)
            case .orphanTasks(let node):
                for task in self.state.tasks.find(.node(node)) where NodeWrite.isHeldByNode(task) {
                    self.mark(.orphan(task: task.id))
                }
            }
        }
    }

    /// Has something committed of a node, after what was to be committed before.
    mutating func mark(_ write: NodeWrite, for answer: (node: Int, life: Int, session: String)? = nil) {
        guard let leader = self.leader else { return }
        self.leader?.nodeWrites.append(NodeNote(write: write, answer: answer))
        guard !leader.isWritingNodes else { return }
        self.leader?.isWritingNodes = true
        self.queue.add(
            .writeNodes(term: leader.term),
            at: self.now + self.timeChance.time(mean: self.plan.delay)
        )
    }

    mutating func writeNodes(_ term: Int) throws(Violation) {
        guard let notes = self.leader?.nodeWrites, self.leader?.term == term else { return }
        self.leader?.nodeWrites = []
        self.leader?.isWritingNodes = false
        try self.commit(by: .dispatcher) { transaction in
            for note in notes { try? note.write.apply(to: &transaction) }
        }
        for case let answer? in notes.map(\.answer) {
            self.send(
                .established(node: answer.node, life: answer.life, session: answer.session),
                to: answer.node
            )
        }
    }

    /// Has a message go to or come from a node, unless nothing gets through.
    mutating func send(_ event: ClusterEvent, to node: Int) {
        guard !self.nodes[node].isCut else { return }
        self.queue.add(event, at: self.now + self.timeChance.time(mean: self.plan.delay))
    }

    mutating func expire(_ term: Int) {
        guard self.leader?.term == term else { return }
        let now = self.wallClock
        let actions = self.leader?.sessions.expire(now: now) ?? []
        self.perform(actions)
        self.scheduleExpiry()
    }

    mutating func scheduleExpiry() {
        guard let leader = self.leader else { return }
        self.queue.add(.expire(term: leader.term), at: self.now + .milliseconds(500))
    }

    // MARK: - Sessions

    /// A node asks for a session.
    mutating func connect(_ number: Int, _ life: Int) {
        let node = self.nodes[number]
        guard self.isAlive(number, life), node.session == nil else { return }
        guard !node.isCut, self.leader != nil, self.state.nodes[node.id] != nil else {
            return self.reconnect(number)
        }
        let (addr, now) = ("10.0.0.\(number)", self.wallClock)
        do {
            let open = try self.leader?.sessions.open(node: node.id, addr: addr, sessionID: "", now: now)
            guard let (session, actions) = open else { return }
            self.perform(actions)
            self.nodes[number].stream = session.stream
            self.mark(
                .ready(node: node.id, addr: session.addr, description: node.description),
                for: (number, life, session.sessionID)
            )
            // Should no answer come, the node tries again.
            self.queue.add(.connect(node: number, life: life), at: self.now + .seconds(5))
        } catch { self.reconnect(number) }
    }

    /// A sign of life comes; the answer says when the next is expected.
    mutating func beat(_ number: Int, _ life: Int, _ session: String) {
        let node = self.nodes[number]
        guard self.leader != nil, !node.isCut else {
            let event = ClusterEvent.disconnected(node: number, life: life, session: session)
            return self.queue.add(event, at: self.now + .seconds(5))
        }
        let now = self.wallClock
        do {
            let period = try self.leader?.sessions.heartbeat(node: node.id, sessionID: session, now: now)
            let late = self.isDangerous ? node.lateness : .seconds(0)
            let moment = self.now + (period ?? .seconds(5)).span + late
            self.queue.add(.heartbeat(node: number, life: life, session: session), at: moment)
        } catch {
            self.send(.disconnected(node: number, life: life, session: session), to: number)
        }
    }

    /// Ends a session's streams; the node hears of it if anything gets through.
    mutating func closeStreams(_ id: String, _ session: String) {
        guard let number = self.numbers[id] else { return }
        if self.leader?.streams[number]?.session == session { self.leader?.streams[number] = nil }
        self.send(.disconnected(node: number, life: self.nodes[number].life, session: session), to: number)
    }

    // MARK: - Assignments

    /// Begins a stream of assignments with all that the node is to have.
    mutating func openStream(_ number: Int, _ session: String) {
        var set = AssignmentSet(nodeID: self.nodes[number].id)
        let first = set.complete(on: self.state)
        let stream = AssignmentStream(number: self.nextNumber(), session: session, set: set)
        self.leader?.streams[number] = stream
        self.leader?.streams[number]?.messages = [first]
        self.send(.deliver(node: number, stream: stream.number), to: number)
    }

    mutating func scheduleFlush(_ number: Int) {
        guard let stream = self.leader?.streams[number], !stream.isFlushing else { return }
        self.leader?.streams[number]?.isFlushing = true
        let moment = self.now + self.timeChance.time(mean: self.plan.delay)
        self.queue.add(.flush(node: number, stream: stream.number), at: moment)
    }

    mutating func flush(_ number: Int, _ stream: Int) {
        guard var open = self.leader?.streams[number], open.number == stream else { return }
        let messages = open.set.incremental(changed: open.dirty, on: self.state)
        open.messages += messages
        (open.dirty, open.isFlushing) = ([], false)
        self.leader?.streams[number] = open
        for _ in messages { self.send(.deliver(node: number, stream: stream), to: number) }
    }

    // MARK: - Reports

    /// A node's reports come.
    mutating func report(_ number: Int, _ life: Int, _ session: String, _ reports: [StatusBatch.Report]) {
        let id = self.nodes[number].id
        guard let leader = self.leader, !self.nodes[number].isCut else { return }
        let request = SwarmUpdateTaskStatusRequest(reports)
        do { try leader.sessions.check(node: id, sessionID: session) } catch {
            return self.send(.disconnected(node: number, life: life, session: session), to: number)
        }
        guard let taken = try? StatusBatch.reports(in: request, from: id, on: self.state) else {
            self.count("foreign reports")
            return
        }
        self.leader?.reports += taken
        self.leader?.waiting.append((number, life, reports))
        guard !leader.isWritingStatuses else { return }
        self.leader?.isWritingStatuses = true
        let moment = self.now + self.timeChance.time(mean: self.plan.delay)
        self.queue.add(.writeStatuses(term: leader.term), at: moment)
    }

    mutating func writeStatuses(_ term: Int) throws(Violation) {
        guard let leader = self.leader, leader.term == term else { return }
        self.leader?.isWritingStatuses = false
        self.leader?.reports = []
        self.leader?.waiting = []
        let batch = StatusBatch(leader.reports)
        let now = self.leaderClock
        try self.commit(by: .agents) { transaction in
            for task in batch.tasks(on: transaction.state, by: "m\(term)", now: now) {
                try? transaction.update(task)
            }
        }
        for entry in leader.waiting {
            self.send(.reported(node: entry.node, life: entry.life, entry.reports), to: entry.node)
        }
    }
}
