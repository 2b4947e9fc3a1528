import SwarmAPI

/// What a task asks of a node, read out of its spec once for all nodes and all tasks of its group.
struct Demand: Sendable {
    let serviceID: String
    private let nanoCPUs: Int64
    private let memoryBytes: Int64
    private let generic: [SwarmGenericResource]
    /// Nil where the placement's constraints cannot be read: no node satisfies them.
    private let constraints: [Constraint]?
    private let platforms: [SwarmPlatform]
    private let ports: [HostPort]
    private let maxReplicas: UInt64

    init(_ task: SwarmTask) {
        let reserved = task.spec.resources.reservations
        self.serviceID = task.serviceID
        self.nanoCPUs = reserved.nanoCpus
        self.memoryBytes = reserved.memoryBytes
        self.generic = reserved.generic
        self.constraints = try? Constraint.parse(task.spec.placement.constraints)
        self.platforms = task.spec.placement.platforms.map(\.normalized)
        self.ports = HostPort.taken(by: task)
        self.maxReplicas = task.spec.placement.maxReplicas
    }

    /// The first filter that `record` does not pass; nil if the task may run there.
    func refusal(by record: NodeRecord) -> Filter? {
        Filter.allCases.first { !self.passes($0, on: record) }
    }

    /// The same for a node that passed before: only what the group's own tasks can have used up.
    func laterRefusal(by record: NodeRecord) -> Filter? {
        [Filter.resources, .hostPorts, .maxReplicas].first { !self.passes($0, on: record) }
    }

    /// The generic resources that a task gets on the node.
    func claim(on record: NodeRecord) -> [SwarmGenericResource] {
        guard !self.generic.isEmpty else { return [] }
        return record.capacity.claim(self.generic, used: record.used) ?? []
    }

    private func passes(_ filter: Filter, on record: NodeRecord) -> Bool {
        switch filter {
        case .ready: record.isReady
        case .resources: self.hasRoom(on: record)
        case .constraints: self.constraints?.allSatisfy { $0.matches(record.node) } ?? false
        case .platform: self.platforms.isEmpty || self.runs(on: record.node.description_p.platform.normalized)
        case .hostPorts: self.ports.allSatisfy { record.ports[$0] == nil }
        case .maxReplicas:
            self.maxReplicas == 0 || UInt64(record.activeTasks(of: self.serviceID)) < self.maxReplicas
        }
    }

    /// Reservations alone count; limits do not.
    private func hasRoom(on record: NodeRecord) -> Bool {
        guard self.nanoCPUs <= 0 || self.nanoCPUs <= record.capacity.nanoCPUs - record.used.nanoCPUs,
            self.memoryBytes <= 0 || self.memoryBytes <= record.capacity.memoryBytes - record.used.memoryBytes
        else { return false }
        return self.generic.isEmpty || record.capacity.claim(self.generic, used: record.used) != nil
    }

    private func runs(on platform: SwarmPlatform) -> Bool {
        self.platforms.contains {
            ($0.architecture.isEmpty || $0.architecture == platform.architecture)
                && ($0.os.isEmpty || $0.os == platform.os)
        }
    }
}

extension SwarmPlatform {
    /// The platform with the architecture's name as image registries write it.
    fileprivate var normalized: SwarmPlatform {
        var platform = self
        switch self.architecture {
        case "x86_64": platform.architecture = "amd64"
        case "aarch64": platform.architecture = "arm64"
        default: break
        }
        return platform
    }
}
