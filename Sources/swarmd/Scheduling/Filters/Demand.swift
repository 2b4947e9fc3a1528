import SwarmAPI

/// What a task asks of a node, read out of its spec once for all nodes and all tasks of its group.
struct Demand: Sendable, Hashable {
    let serviceID: String
    let preferences: [SwarmPlacementPreference]
    let volumes: [VolumeWish]
    let nanoCPUs: Int64
    let memoryBytes: Int64
    let generic: [SwarmGenericResource]
    private let plugins: [PluginWish]
    /// The placement's constraints as they are written.
    let constraintTexts: [String]
    /// Nil where the placement's constraints cannot be read: no node satisfies them.
    private let constraints: [Constraint]?
    private let platforms: [SwarmPlatform]
    private let ports: [HostPort]
    private let maxReplicas: UInt64

    init(_ task: SwarmTask) {
        let reserved = task.spec.resources.reservations
        self.serviceID = task.serviceID
        self.preferences = task.spec.placement.preferences
        self.volumes = VolumeWish.wishes(of: task)
        self.plugins = PluginWish.wishes(of: task)
        self.nanoCPUs = reserved.nanoCpus
        self.memoryBytes = reserved.memoryBytes
        self.generic = reserved.generic
        self.constraintTexts = task.spec.placement.constraints
        self.constraints = try? Constraint.parse(task.spec.placement.constraints)
        self.platforms = task.spec.placement.platforms.map(\.normalized)
        self.ports = HostPort.taken(by: task)
        self.maxReplicas = task.spec.placement.maxReplicas
    }

    /// Whether every task of the demand may be placed on nodes ranked alike, least loaded first.
    var isPlain: Bool { self.preferences.isEmpty }

    /// The first filter that `record` does not pass; nil if the task may run there.
    func refusal(by record: NodeRecord, volumes: VolumeSet) -> Filter? {
        // One by one, since a list of them would be made for each node.
        if !record.isReady { return .ready }
        if !self.hasRoom(on: record) { return .resources }
        if !self.plugins.allSatisfy({ $0.isMet(by: record) }) { return .plugins }
        guard let constraints = self.constraints, constraints.allSatisfy({ $0.matches(record.node) }) else {
            return .constraints
        }
        if !self.platforms.isEmpty, !self.runs(on: record.node.description_p.platform.normalized) {
            return .platform
        }
        return self.laterRefusal(by: record, volumes: volumes)
    }

    /// The same for a node that passed before: only what the group's own tasks can have used up.
    func laterRefusal(by record: NodeRecord, volumes: VolumeSet) -> Filter? {
        if !self.hasRoom(on: record) { return .resources }
        if !self.ports.allSatisfy({ record.ports[$0] == nil }) { return .hostPorts }
        if self.maxReplicas > 0, UInt64(record.activeTasks(of: self.serviceID)) >= self.maxReplicas {
            return .maxReplicas
        }
        if !self.volumes.isEmpty, volumes.choose(self.volumes, on: record.node) == nil { return .volumes }
        return nil
    }

    /// The generic resources that a task gets on the node.
    func claim(on record: NodeRecord) -> [SwarmGenericResource] {
        guard !self.generic.isEmpty else { return [] }
        return record.capacity.claim(self.generic, used: record.used) ?? []
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
