import GroupSimulation
import SwarmAPI
import SwiftProtobuf

/// Makes specs of services, and changes them, as users might.
struct SpecMaker: Sendable {
    /// How often an image is asked for that does not work.
    let badImages: Double

    /// A new service's spec.
    func make(_ name: String, _ chance: inout Chance) -> SwarmServiceSpec {
        var spec = SwarmServiceSpec()
        spec.annotations.name = name
        switch chance.number(in: 0...9) {
        case 0...4: spec.replicated.replicas = UInt64(chance.number(in: 0...6))
        case 5, 6: spec.global = SwarmGlobalService()
        case 7, 8:
            spec.replicatedJob.maxConcurrent = UInt64(chance.number(in: 1...3))
            spec.replicatedJob.totalCompletions = UInt64(chance.number(in: 1...5))
        default: spec.globalJob = SwarmGlobalJob()
        }
        spec.task.container.image = self.image(&chance)
        self.setPolicies(of: &spec, &chance)
        if chance.happens(0.5) { self.setNeeds(of: &spec.task, &chance) }
        if chance.happens(0.15) {
            let port = UInt32(chance.number(in: 8080...8081))
            spec.endpoint.ports = [
                .with { ($0.publishMode, $0.publishedPort, $0.targetPort) = (.host, port, 80) }
            ]
        }
        return spec
    }

    /// Changes one or more things of a spec.
    func change(_ spec: inout SwarmServiceSpec, _ chance: inout Chance) {
        switch chance.number(in: 0...9) {
        case 0...2: spec.task.container.image = self.image(&chance)
        case 3, 4: self.scale(&spec, &chance)
        case 5: spec.task.forceUpdate += 1
        case 6: self.setPlacement(of: &spec.task.placement, &chance)
        case 7: self.setPolicies(of: &spec, &chance)
        case 8: self.setNeeds(of: &spec.task, &chance)
        default:
            spec.task.container.image = self.image(&chance)
            self.scale(&spec, &chance)
        }
    }

    private func image(_ chance: inout Chance) -> String {
        let isBad = chance.happens(self.badImages)
        let kind =
            isBad ? chance.pick(ImageKind.allCases) ?? .good : chance.pick([.good, .good, .slow]) ?? .good
        return "\(kind.rawValue):\(chance.number(in: 1...9))"
    }

    private func scale(_ spec: inout SwarmServiceSpec, _ chance: inout Chance) {
        switch spec.mode {
        case .replicated?: spec.replicated.replicas = UInt64(chance.number(in: 0...6))
        case .replicatedJob?: spec.replicatedJob.totalCompletions = UInt64(chance.number(in: 1...5))
        case .global?, .globalJob?, nil: spec.annotations.labels["note"] = "\(chance.number(in: 0...99))"
        }
    }

    private func setPolicies(of spec: inout SwarmServiceSpec, _ chance: inout Chance) {
        let isJob = spec.isJob
        if chance.happens(0.7) {
            spec.task.restart.condition = chance.pick([.any, .any, .any, .onFailure, .none]) ?? .any
            spec.task.restart.delay.seconds = Int64(chance.pick([0, 1, 5]) ?? 5)
            spec.task.restart.maxAttempts = UInt64(chance.pick([0, 0, 0, 1, 3]) ?? 0)
            if chance.happens(0.3) { spec.task.restart.window.seconds = 20 }
        }
        guard !isJob else { return }
        if chance.happens(0.7) { spec.update = self.update(&chance) }
        if chance.happens(0.5) { spec.rollback = self.update(&chance) }
    }

    private func update(_ chance: inout Chance) -> SwarmUpdateConfig {
        .with {
            $0.parallelism = UInt64(chance.number(in: 0...3))
            $0.delay.seconds = Int64(chance.pick([0, 0, 1, 5]) ?? 0)
            $0.monitor.seconds = Int64(chance.pick([0, 1, 5]) ?? 5)
            $0.order = chance.pick([.stopFirst, .startFirst]) ?? .stopFirst
            $0.failureAction = chance.pick([.pause, .continue, .rollback]) ?? .pause
            $0.maxFailureRatio = chance.pick([0, 0.3]) ?? 0
        }
    }

    private func setNeeds(of task: inout SwarmTaskSpec, _ chance: inout Chance) {
        task.resources.reservations = .with {
            $0.nanoCpus = Int64(chance.pick([0, 500, 1_000, 2_000]) ?? 0) * 1_000_000
            $0.memoryBytes = Int64(chance.pick([0, 512, 1_024, 2_048]) ?? 0) << 20
            guard chance.happens(0.2) else { return }
            $0.generic = [.with { $0.discreteResourceSpec = .with { ($0.kind, $0.value) = ("gpu", 1) } }]
        }
        self.setPlacement(of: &task.placement, &chance)
    }

    private func setPlacement(of placement: inout SwarmPlacement, _ chance: inout Chance) {
        placement.constraints =
            chance.happens(0.4) ? ["node.labels.zone==\(chance.pick(["east", "west"]) ?? "")"] : []
        placement.maxReplicas = UInt64(chance.pick([0, 0, 0, 1, 2]) ?? 0)
        placement.preferences = []
        if chance.happens(0.2) {
            placement.preferences = [.with { $0.spread.spreadDescriptor = "node.labels.zone" }]
        }
    }
}

extension SwarmServiceSpec {
    /// Whether tasks run to an end instead of being kept running.
    var isJob: Bool {
        switch self.mode {
        case .replicatedJob?, .globalJob?: true
        case .replicated?, .global?, nil: false
        }
    }
}
