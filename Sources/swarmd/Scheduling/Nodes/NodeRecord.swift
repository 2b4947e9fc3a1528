import Primitives
import SwarmAPI

/// A port that a task takes on the host itself.
struct HostPort: Sendable, Hashable {
    let protocolNumber: Int
    let number: UInt32

    /// The ports that `task` takes on its host; those that the host chooses clash with nothing.
    static func taken(by task: SwarmTask) -> [HostPort] {
        task.endpoint.ports.filter { $0.publishMode == .host && $0.publishedPort != 0 }
            .map { HostPort(protocolNumber: $0.protocol.rawValue, number: $0.publishedPort) }
    }
}

/// What the scheduler knows of a node: what it offers, and what its tasks hold.
struct NodeRecord: Sendable {
    private(set) var node: SwarmNode
    private(set) var capacity: ResourceTally
    private(set) var used = ResourceTally()
    /// How many tasks on the node are to run, and how many of each service.
    private(set) var activeTasks = 0
    private(set) var activeByService: [String: Int] = [:]
    /// How many tasks hold each port: two may overlap while one of them stops.
    private(set) var ports: [HostPort: Int] = [:]
    var failures = FailureHistory()

    init(_ node: SwarmNode) {
        self.node = node
        self.capacity = ResourceTally(node.description_p.resources)
    }

    /// Takes in a new version of the node; returns whether it may now take tasks that it refused before.
    mutating func update(_ node: SwarmNode) -> Bool {
        let old = self.node
        self.node = node
        let hasChanged =
            old.status.state != node.status.state || old.status.addr != node.status.addr
            || old.role != node.role || old.spec != node.spec || old.description_p != node.description_p
        if hasChanged { self.capacity = ResourceTally(node.description_p.resources) }
        return hasChanged
    }

    var isReady: Bool { self.node.status.state == .ready && self.node.spec.availability == .active }

    /// How much of the processors and memory is reserved, in thousandths, both together.
    var fullness: Int {
        func part(_ used: Int64, of capacity: Int64) -> Int {
            capacity > 0 ? Int(Double(max(0, used)) / Double(capacity) * 1_000) : 0
        }
        return part(self.used.nanoCPUs, of: self.capacity.nanoCPUs)
            + part(self.used.memoryBytes, of: self.capacity.memoryBytes)
    }

    func activeTasks(of serviceID: String) -> Int { self.activeByService[serviceID] ?? 0 }

    /// Counts `task` as one of the node's, or takes it off again.
    mutating func count(_ task: SwarmTask, adding: Bool) {
        let step = adding ? 1 : -1
        self.used.count(task, adding: adding)
        for port in HostPort.taken(by: task) {
            self.ports[port, default: 0] += step
            if self.ports[port] == 0 { self.ports[port] = nil }
        }
        guard task.isToRun else { return }
        self.activeTasks += step
        guard !task.serviceID.isEmpty else { return }
        self.activeByService[task.serviceID, default: 0] += step
        if self.activeByService[task.serviceID] == 0 { self.activeByService[task.serviceID] = nil }
    }
}

extension SwarmTask {
    /// Whether the task is desired to run, or to have run.
    var isToRun: Bool { self.desiredState.rawValue <= SwarmTaskState.complete.rawValue }

    /// Whether the task is past allocation and has not ended: only such tasks concern the scheduler.
    var isSchedulable: Bool {
        (SwarmTaskState.pending.rawValue...SwarmTaskState.running.rawValue).contains(
            self.status.state.rawValue
        )
    }
}
