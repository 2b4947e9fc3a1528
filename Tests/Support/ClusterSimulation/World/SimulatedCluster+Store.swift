import Dispatching
import GroupSimulation
import StoreCore
import SwarmAPI
import SwiftProtobuf

extension SimulatedCluster {
    /// Commits what `body` does, checks it, and shows it to the leader's components and the nodes' streams.
    ///
    /// `seen` is the state that the decision was made on, where it may be an older one.
    mutating func commit(
        by actor: Actor,
        seen: StoreState? = nil,
        _ body: (inout Transaction) -> Void
    ) throws(Violation) {
        let before = self.state
        var transaction = Transaction(on: before, version: self.version + 1, now: self.leaderClock)
        body(&transaction)
        guard !transaction.changes.isEmpty else { return }
        self.version += 1
        self.state = transaction.state
        let commit = Commit(index: self.version, changes: transaction.changes, state: self.state)
        for change in commit.changes { self.note("\(actor.rawValue) \(self.describe(change))") }
        try self.rules.check(commit, by: actor, before: before, seen: seen ?? before, now: self.leaderClock)
        self.leader?.log.append(commit)
        self.callComponents()
        self.offer(commit)
    }

    /// Has the components that wait look at what was committed.
    private mutating func callComponents() {
        guard let leader = self.leader else { return }
        for place in leader.components.indices where leader.components[place].activity == .waiting {
            self.call(place, after: self.isDangerous ? self.plan.reaction : .milliseconds(1))
        }
    }

    /// Notes which tasks concern which node.
    private mutating func offer(_ commit: Commit) {
        guard self.leader != nil else { return }
        for change in commit.changes {
            switch change.value {
            case .task(let task):
                guard let number = self.numbers[task.nodeID], self.leader?.streams[number] != nil else {
                    break
                }
                self.leader?.streams[number]?.dirty.insert(task.id)
                self.scheduleFlush(number)
            case .node(let node):
                guard case .remove = change, let actions = self.leader?.sessions.forget(node: node.id) else {
                    break
                }
                self.perform(actions)
            default: break
            }
        }
    }

    private func describe(_ change: StoreChange) -> String {
        switch change {
        case .create(.task(let task)): "creates \(self.name(task)) \(task.desiredState) on \(task.nodeID)"
        case .update(.task(let task), .task(let old)):
            "\(self.name(task)) \(old.desiredState)/\(old.status.state) -> \(task.desiredState)"
                + "/\(task.status.state) on \(task.nodeID) \(task.status.message) \(task.status.err)"
        case .remove(.task(let task)): "removes \(self.name(task)) \(task.desiredState)/\(task.status.state)"
        case .create(.service(let service)): "creates service \(service.id) \(service.spec.brief)"
        case .update(.service(let service), .service(let old)):
            service.spec == old.spec
                ? "service \(service.id) \(service.updateStatus.state) \(service.updateStatus.message)"
                : "changes service \(service.id) \(service.spec.brief)"
        case .update(.node(let node), _):
            "node \(node.id) \(node.status.state) \(node.spec.availability) \(node.spec.annotations.labels.sorted { $0.key < $1.key })"
        default: "\(change.isRemoval ? "removes" : "has") \(change.value.kind) \(change.value.object.id)"
        }
    }

    func name(_ task: SwarmTask) -> String {
        "\(task.serviceID).\(task.slot == 0 ? task.nodeID : String(task.slot)).\(task.id.prefix(4))"
    }
}

extension StoreChange {
    fileprivate var isRemoval: Bool { if case .remove = self { true } else { false } }
}

extension SwarmServiceSpec {
    /// What a reader of the trace wants to know.
    fileprivate var brief: String {
        let mode =
            switch self.mode {
            case .replicated(let mode)?: "x\(mode.replicas)"
            case .global?: "global"
            case .replicatedJob(let job)?: "job \(job.maxConcurrent)/\(job.totalCompletions)"
            case .globalJob?: "global job"
            case nil: "no mode"
            }
        return "\(mode) \(self.task.container.image) force \(self.task.forceUpdate) "
            + "constraints \(self.task.placement.constraints) restart \(self.task.restart.condition) "
            + "\(self.task.restart.delay.seconds)s max \(self.task.restart.maxAttempts) "
            + "update \(self.update.parallelism) \(self.update.order) \(self.update.failureAction)"
    }
}
