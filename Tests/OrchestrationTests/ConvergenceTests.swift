import Allocation
import Orchestration
import Primitives
import ReconcilerTesting
import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

/// A leader's whole loop against agents that obey, fail and vanish by chance.
private struct Cluster {
    private static let memory: Int64 = 4 << 30

    var stage: Stage
    private var chance: SeededGenerator
    private static let nodes = (1...5).map { "n\($0)" }

    private static var reconcilers: [any Reconciler] {
        [ServiceOrchestrator(), Allocator(), Scheduler(), TaskReaper()]
    }

    init(seed: UInt64) {
        self.stage = Stage(Self.reconcilers, seed: seed)
        self.chance = SeededGenerator(seed: seed &* 31)
        self.stage.commit { transaction in
            for id in Self.nodes {
                let node = SwarmNode.with {
                    $0.id = id
                    $0.status.state = .ready
                    $0.description_p.resources.memoryBytes = Self.memory
                }
                try? transaction.create(node)
            }
        }
    }

    func roll(_ sides: Int) -> (inout SeededGenerator) -> Bool {
        { Int.random(in: 0..<sides, using: &$0) == 0 }
    }

    /// One thing that may happen to a cluster at any moment.
    mutating func disturb() {
        switch Int.random(in: 0..<8, using: &self.chance) {
        case 0: self.changeService()
        case 1: self.changeNode(to: .down)
        case 2: self.changeNode(to: .ready)
        case 3: self.drainOrActivate()
        case 4: self.failTask()
        case 5: self.stage.advance(by: .seconds(Int64.random(in: 1...9, using: &self.chance)))
        case 6 where self.roll(4)(&self.chance): self.stage.restart(Self.reconcilers)
        default: self.letAgentsWork()
        }
    }

    mutating func changeService() {
        let name = ["a", "b", "c"][Int.random(in: 0..<3, using: &self.chance)]
        let replicas = UInt64.random(in: 0...5, using: &self.chance)
        let image = "image\(Int.random(in: 0..<3, using: &self.chance))"
        let known = self.stage.state.services[name]
        // An identifier is never used again while tasks of its first holder are left.
        if known == nil, self.stage.state.tasks.count(.service(name)) > 0 { return }
        let isRemoved = self.roll(6)(&self.chance)
        self.stage.commit { transaction in
            if known != nil, isRemoved {
                try? transaction.remove(SwarmService.self, id: name)
                return
            }
            var service = known ?? SwarmService.with { $0.id = name }
            service.specVersion = service.meta.version
            service.clearUpdateStatus()
            service.spec.annotations.name = name
            service.spec.replicated.replicas = replicas
            service.spec.update.parallelism = 1
            service.spec.update.failureAction = .continue
            service.spec.task.container.image = image
            service.spec.task.resources.reservations.memoryBytes = 1 << 30
            if known == nil { try? transaction.create(service) } else { try? transaction.update(service) }
        }
    }

    mutating func changeNode(to state: SwarmNodeStatus.State) {
        let id = Self.nodes[Int.random(in: 0..<Self.nodes.count, using: &self.chance)]
        guard var node = self.stage.state.nodes[id], node.status.state != state else { return }
        node.status.state = state
        self.stage.commit { try? $0.update(node) }
        // An agent that comes back has stopped what it ran.
        guard state == .ready else { return }
        for task in self.stage.state.tasks.find(.node(id)) { self.report(task, .failed) }
    }

    mutating func drainOrActivate() {
        let id = Self.nodes[Int.random(in: 0..<Self.nodes.count, using: &self.chance)]
        guard var node = self.stage.state.nodes[id] else { return }
        node.spec.availability = node.spec.availability == .drain ? .active : .drain
        self.stage.commit { try? $0.update(node) }
    }

    mutating func failTask() {
        let running = self.stage.state.tasks.all.filter { $0.status.state == .running }
        guard let task = running.randomElement(using: &self.chance) else { return }
        self.report(task, .failed)
    }

    /// Every agent that is up does one step for each of its tasks.
    mutating func letAgentsWork() {
        for task in self.stage.state.tasks.all {
            guard self.stage.state.nodes[task.nodeID]?.status.state == .ready,
                (SwarmTaskState.assigned.rawValue...SwarmTaskState.running.rawValue)
                    .contains(task.status.state.rawValue)
            else { continue }
            if task.desiredState.rawValue > SwarmTaskState.running.rawValue {
                self.report(task, .shutdown)
            } else if task.desiredState == .running {
                self.report(task, .running)
            } else if task.status.state.rawValue < SwarmTaskState.ready.rawValue {
                self.report(task, .ready)
            }
        }
    }

    private mutating func report(_ task: SwarmTask, _ state: SwarmTaskState) {
        guard state.rawValue > task.status.state.rawValue, task.status.state.rawValue >= 192 else { return }
        var task = task
        task.status.state = state
        task.status.timestamp = self.stage.now.protobuf
        self.stage.commit { try? $0.update(task) }
    }

    /// Plans; now and then something happens between a decision and its commit.
    mutating func plan() {
        var chance = self.chance
        _ = self.stage.plan { stage in
            guard Int.random(in: 0..<4, using: &chance) == 0 else { return }
            let tasks = stage.state.tasks.all.filter { $0.status.state == .running }
            guard var task = tasks.randomElement(using: &chance) else { return }
            task.status.state = .failed
            stage.commit { try? $0.update(task) }
        }
        self.chance = chance
    }

    /// All nodes come back, and nothing happens any more but the work itself.
    mutating func calm() {
        for id in Self.nodes {
            guard var node = self.stage.state.nodes[id] else { continue }
            node.status.state = .ready
            node.spec.availability = .active
            self.stage.commit { try? $0.update(node) }
        }
        for _ in 0..<60 {
            self.letAgentsWork()
            _ = self.stage.plan()
            self.stage.advance(by: .seconds(10))
        }
    }

    /// Nodes that have promised more memory than they have.
    var overSubscribed: [String] {
        Self.nodes.filter { id in
            let held = self.stage.state.tasks.find(.node(id)).filter {
                (SwarmTaskState.assigned.rawValue...SwarmTaskState.running.rawValue)
                    .contains($0.status.state.rawValue)
            }
            let sum = held.reduce(0) { $0 + $1.spec.resources.reservations.memoryBytes }
            return sum > Self.memory
        }
    }

    /// The services that do not have what they ask for.
    var unsatisfied: [String] {
        self.stage.state.services.all.filter { service in
            let wanted = self.stage.state.tasks.find(.service(service.id))
                .filter { $0.desiredState.rawValue <= SwarmTaskState.running.rawValue }
            return UInt64(wanted.count) != service.spec.replicated.replicas
                || !wanted.allSatisfy { $0.status.state == .running && $0.spec == service.spec.task }
        }.map(\.id)
    }

    mutating func newLeader() { self.stage.restart(Self.reconcilers) }
}

@Suite struct `A cluster that is left in peace` {
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `has every service as it was asked for, whatever happened before`(seed: UInt64) {
        var cluster = Cluster(seed: seed)
        for step in 0..<150 {
            cluster.disturb()
            if step % 2 == 0 { cluster.plan() }
            #expect(cluster.overSubscribed == [], "seed \(seed), step \(step)")
        }
        cluster.calm()
        #expect(cluster.unsatisfied == [], "seed \(seed)")
        #expect(cluster.stage.violations == [], "seed \(seed)")
        #expect(cluster.stage.settle() == [], "seed \(seed)")
        let services = Set(cluster.stage.state.services.all.map(\.id))
        #expect(cluster.stage.state.tasks.all.allSatisfy { services.contains($0.serviceID) }, "seed \(seed)")
        cluster.newLeader()
        #expect(cluster.stage.settle() == [], "seed \(seed): a new leader finds nothing to do")
    }

    @Test func `comes to the same end when the same seed is played again`() {
        func history(_ seed: UInt64) -> [String] {
            var cluster = Cluster(seed: seed)
            return (0..<80).flatMap { _ in
                cluster.disturb()
                return cluster.stage.plan()
            }
        }
        #expect(history(3) == history(3))
        #expect(history(3) != history(4))
    }
}
