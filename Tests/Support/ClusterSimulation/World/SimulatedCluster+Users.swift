import GroupSimulation
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

// What users do, as the control API carries it out.
extension SimulatedCluster {
    /// Has a user do something, and arranges the next command.
    mutating func command() throws(Violation) {
        guard self.isDangerous else { return }
        self.queue.add(.command, at: self.now + self.userChance.time(mean: self.plan.commandInterval))
        // Without a leader nothing can be changed.
        guard self.leader != nil, let command = self.userChance.pick(UserCommand.lots) else { return }
        self.count(command.rawValue)
        switch command {
        case .createService: try self.createService()
        case .changeService: try self.changeService()
        case .rollBack: try self.rollBack()
        case .removeService:
            guard let service = self.anyService else { return }
            self.rules.userChanged(service)
            try self.commit(by: .users) { try? $0.remove(SwarmService.self, id: service.id) }
        case .setAvailability, .setLabels, .resizeNode: try self.changeNode(command)
        case .removeNode: try self.removeNode()
        case .addNode: if self.numbers.count < 10 { try self.addNode() }
        }
    }

    private var anyService: SwarmService? {
        mutating get { self.userChance.pick(self.state.services.all) }
    }

    // MARK: - Services

    private mutating func createService() throws(Violation) {
        let number = self.userChance.number(in: 1...self.plan.services)
        guard self.state.services.named("s\(number)") == nil else { return }
        let maker = SpecMaker(badImages: self.plan.badImages)
        let service = SwarmService.with {
            $0.id = "s\(number)-\(self.nextNumber())"
            $0.spec = maker.make("s\(number)", &self.userChance)
            $0.specVersion = SwarmVersion()
            if $0.spec.isJob { $0.jobStatus.lastExecution = self.leaderClock.protobuf }
        }
        try self.commit(by: .users) { try? $0.create(service) }
    }

    private mutating func changeService() throws(Violation) {
        guard var service = self.anyService else { return }
        self.rules.userChanged(service)
        service.begin(next: service.meta.version, now: self.leaderClock)
        SpecMaker(badImages: self.plan.badImages).change(&service.spec, &self.userChance)
        try self.commit(by: .users) { try? $0.update(service) }
    }

    private mutating func rollBack() throws(Violation) {
        // A job is not rolled back: each change of it is another run.
        guard let old = self.anyService, old.hasPreviousSpec, !old.spec.isJob else { return }
        self.rules.userChanged(old)
        var service = old
        service.begin(next: old.previousSpecVersion, now: self.leaderClock)
        if !old.hasPreviousSpecVersion { service.clearSpecVersion() }
        service.spec = old.previousSpec
        service.updateStatus = .with {
            $0.state = .rollbackStarted
            $0.message = "manually requested rollback"
            $0.startedAt = self.leaderClock.protobuf
        }
        try self.commit(by: .users) { try? $0.update(service) }
    }

    // MARK: - Nodes

    private mutating func changeNode(_ command: UserCommand) throws(Violation) {
        guard var node = self.userChance.pick(self.state.nodes.all), let number = self.numbers[node.id] else {
            return
        }
        switch command {
        case .setAvailability:
            node.spec.availability = self.userChance.pick([.active, .active, .pause, .drain]) ?? .active
        case .setLabels: node.spec.annotations.labels = NodeMaker.labels(&self.userChance)
        default:
            // The agent tells of it with its next session.
            let description = NodeMaker.description(number, &self.userChance)
            self.nodes[number].description = description
            node.description_p = description
        }
        try self.commit(by: .users) { try? $0.update(node) }
    }

    private mutating func removeNode() throws(Violation) {
        guard let node = self.userChance.pick(self.state.nodes.all), let number = self.numbers[node.id] else {
            return
        }
        guard node.status.state != .ready || self.userChance.happens(0.3) else { return }
        let now = self.leaderClock
        try self.commit(by: .users) { transaction in
            for var task in transaction.state.tasks.find(.node(node.id))
            where task.status.state.rawValue < SwarmTaskState.complete.rawValue {
                task.status = .with {
                    $0.timestamp = now.protobuf
                    $0.state = .orphaned
                    $0.message = "Task belonged to a node that has been deleted"
                }
                try? transaction.update(task)
            }
            try? transaction.remove(SwarmNode.self, id: node.id)
        }
        // Its containers are not the cluster's any more.
        self.stop(number, withContainers: true)
        self.nodes[number].isRemoved = true
        self.numbers[node.id] = nil
    }
}

extension SwarmService {
    /// Begins another spec, of that version, and keeps the present one as the one before.
    fileprivate mutating func begin(next version: SwarmVersion, now: Timestamp) {
        if self.hasJobStatus {
            self.jobStatus.jobIteration.index += 1
            self.jobStatus.lastExecution = now.protobuf
        }
        self.previousSpec = self.spec
        if self.hasSpecVersion {
            self.previousSpecVersion = self.specVersion
        } else {
            self.clearPreviousSpecVersion()
        }
        self.specVersion = version
        self.clearUpdateStatus()
    }
}
