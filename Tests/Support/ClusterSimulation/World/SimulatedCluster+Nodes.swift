import Dispatching
import Execution
import GroupSimulation
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

// What nodes' daemons do.
extension SimulatedCluster {
    /// Adds a node to the cluster, whose daemon starts at once.
    mutating func addNode() throws(Violation) {
        let number = self.nodes.count
        let description = NodeMaker.description(number, &self.userChance)
        let node = SwarmNode.with {
            $0.id = "n\(number + 1)"
            $0.spec.availability = .active
            $0.spec.annotations.labels = NodeMaker.labels(&self.userChance)
            $0.description_p = description
            $0.status.state = .unknown
        }
        self.nodes.append(SimulatedNode(id: node.id, description: description))
        self.numbers[node.id] = number
        try self.commit(by: .users) { try? $0.create(node) }
        self.queue.add(.start(node: number), at: self.now)
    }

    /// Starts a node's daemon, which takes up again what its disk knows.
    mutating func start(_ number: Int) {
        guard !self.nodes[number].isUp, !self.nodes[number].isRemoved else { return }
        self.nodes[number].isUp = true
        self.nodes[number].life += 1
        self.note("n\(number + 1) starts")
        let life = self.nodes[number].life
        self.queue.add(.connect(node: number, life: life), at: self.now + .milliseconds(1))
        for id in self.nodes[number].tasks.keys.sorted() { self.restore(number, id) }
    }

    /// Ends a node's daemon, and with its machine also the containers.
    mutating func stop(_ number: Int, withContainers: Bool) {
        guard self.nodes[number].isUp else { return }
        self.note("n\(number + 1) stops\(withContainers ? ", machine and all" : "")")
        if let session = self.nodes[number].session, !self.nodes[number].isCut, !withContainers {
            self.leave(number, session)
        }
        self.nodes[number].isUp = false
        self.nodes[number].session = nil
        self.nodes[number].isSending = false
        self.nodes[number].unsent = [:]
        guard withContainers else { return }
        for id in self.nodes[number].tasks.keys where self.nodes[number].tasks[id]?.isRunning == true {
            self.nodes[number].tasks[id]?.isRunning = false
            self.nodes[number].tasks[id]?.exit = 137
        }
    }

    // MARK: - Sessions

    /// Tries again to get a session, after a while.
    mutating func reconnect(_ number: Int) {
        let wait = self.timeChance.time(.milliseconds(50), .milliseconds(self.isDangerous ? 6_000 : 1_000))
        self.queue.add(.connect(node: number, life: self.nodes[number].life), at: self.now + wait)
    }

    mutating func established(_ number: Int, _ session: String) {
        guard self.nodes[number].session == nil, let leader = self.leader else { return }
        let id = self.nodes[number].id
        do { try leader.sessions.check(node: id, sessionID: session) } catch { return }
        self.nodes[number].session = session
        self.openStream(number, session)
        let life = self.nodes[number].life
        self.queue.add(
            .heartbeat(node: number, life: life, session: session),
            at: self.now + .milliseconds(100)
        )
        // Every status is told again.
        for (id, task) in self.nodes[number].tasks where self.nodes[number].assigned[id] != nil {
            self.nodes[number].unsent[id] = task.machine.status
        }
        self.nodes[number].isSending = false
        self.scheduleSending(number)
    }

    mutating func heartbeat(_ number: Int, _ session: String) {
        guard self.nodes[number].session == session else { return }
        let life = self.nodes[number].life
        if self.nodes[number].isCut || self.leader == nil {
            let event = ClusterEvent.disconnected(node: number, life: life, session: session)
            self.queue.add(event, at: self.now + .seconds(5))
        } else {
            let moment = self.now + self.timeChance.time(mean: self.plan.delay)
            self.queue.add(.beat(node: number, life: life, session: session), at: moment)
        }
    }

    mutating func disconnected(_ number: Int, _ session: String) {
        guard self.nodes[number].session == session else { return }
        self.nodes[number].session = nil
        if !self.nodes[number].isCut { self.leave(number, session) }
        self.reconnect(number)
    }

    /// Ends a session's streams from the node's side.
    private mutating func leave(_ number: Int, _ session: String) {
        if self.leader?.streams[number]?.session == session { self.leader?.streams[number] = nil }
        let (id, stream) = (self.nodes[number].id, self.nodes[number].stream)
        self.perform(self.leader?.sessions.end(node: id, stream: stream) ?? [])
    }

    // MARK: - Assignments

    /// The next message of a stream comes.
    mutating func deliver(_ number: Int, _ stream: Int) {
        let node = self.nodes[number]
        guard node.isUp, !node.isCut, var open = self.leader?.streams[number], open.number == stream,
            open.session == node.session, !open.messages.isEmpty
        else { return }
        let message = open.messages.removeFirst()
        self.leader?.streams[number] = open
        var withdrawn = message.type == .complete ? Set(node.assigned.keys) : []
        var updated: [String: SwarmTask] = [:]
        for change in message.changes {
            guard case .task(let task)? = change.assignment.item else { continue }
            if change.action == .remove {
                withdrawn.insert(task.id)
                updated[task.id] = nil
            } else {
                withdrawn.remove(task.id)
                updated[task.id] = task
            }
        }
        for id in updated.keys.sorted() { if let task = updated[id] { self.take(number, task) } }
        for id in withdrawn.sorted() { self.withdraw(number, id) }
    }

    // MARK: - Reports

    /// Sends what is to be reported soon, unless something is on its way.
    mutating func scheduleSending(_ number: Int) {
        guard !self.nodes[number].isSending, !self.nodes[number].unsent.isEmpty else { return }
        self.nodes[number].isSending = true
        let moment = self.now + self.timeChance.time(mean: self.plan.delay)
        self.queue.add(.send(node: number, life: self.nodes[number].life), at: moment)
    }

    mutating func send(_ number: Int) {
        let node = self.nodes[number]
        self.nodes[number].isSending = false
        guard let session = node.session, !node.unsent.isEmpty else { return }
        let reports = node.unsent.sorted { $0.key < $1.key }
            .map { StatusBatch.Report(taskID: $0.key, status: $0.value) }
        self.send(.report(node: number, life: node.life, session: session, reports), to: number)
        // Should no answer come, it is sent again.
        self.nodes[number].isSending = true
        self.queue.add(.send(node: number, life: node.life), at: self.now + .seconds(5))
    }

    mutating func reported(_ number: Int, _ reports: [StatusBatch.Report]) {
        for report in reports where self.nodes[number].unsent[report.taskID] == report.status {
            self.nodes[number].unsent[report.taskID] = nil
        }
        self.nodes[number].isSending = false
        self.scheduleSending(number)
    }
}

extension SwarmUpdateTaskStatusRequest {
    init(_ reports: [StatusBatch.Report]) {
        self.init()
        self.updates = reports.map { report in
            .with { ($0.taskID, $0.status) = (report.taskID, report.status) }
        }
    }
}
