package import Primitives
package import SwarmAPI

/// What the console keeps of a task: 10,000 of them must stay small.
package struct TaskRow: Sendable, Equatable {
    package var id: String
    package var version: UInt64
    package var serviceID: String
    package var service: String
    package var slot: UInt64
    package var nodeID: String
    package var stage: Stage
    package var desired: Stage
    /// The state's own time.
    package var since: Timestamp
    package var created: Timestamp
    package var image: String
    package var message: String
    package var error: String
    package var exitCode: Int32?
    package var nanoCPUs: Int64
    package var memory: Int64
    /// When it was deleted; the row stays a moment, so that the cursor does not fall on its neighbour.
    var gone: Timestamp?

    package init(_ task: SwarmTask) {
        self.id = task.id
        self.version = task.meta.version.index
        self.serviceID = task.serviceID
        self.service = task.serviceAnnotations.name
        self.slot = task.slot
        self.nodeID = task.nodeID
        self.stage = Stage(task.status.state)
        self.desired = Stage(task.desiredState)
        self.since = Timestamp(task.status.hasTimestamp ? task.status.timestamp : task.meta.createdAt)
        self.created = Timestamp(task.meta.createdAt)
        self.image = task.spec.container.image
        self.message = task.status.message
        self.error = task.status.err
        let exit = task.status.container.exitCode
        self.exitCode = exit != 0 || self.stage == .complete ? exit : nil
        self.nanoCPUs = task.spec.resources.reservations.nanoCpus
        self.memory = task.spec.resources.reservations.memoryBytes
    }

    /// Troubled tasks first, then running ones, then those that ended as wished.
    var attentionKey: TaskKey {
        let rank: Int
        if self.stage.isLive, self.stage != .running {
            rank = 0
        } else if self.stage.isBad {
            rank = 1
        } else {
            rank = self.stage == .running ? 2 : 3
        }
        return self.key(rank: rank)
    }

    var slotKey: TaskKey { self.key(rank: 0) }

    private func key(rank: Int) -> TaskKey {
        TaskKey(
            rank: rank,
            service: self.service,
            slot: self.slot,
            age: -self.created.nanoseconds,
            id: self.id
        )
    }
}

/// What the console keeps of a service.
package struct ServiceRow: Sendable, Equatable {
    /// How a service's tasks are counted.
    package enum Mode: Sendable, Equatable {
        case replicated(UInt64), global, job(UInt64), globalJob

        var name: String {
            switch self {
            case .replicated: "repl"
            case .global: "global"
            case .job: "job"
            case .globalJob: "gljob"
            }
        }
    }

    /// The spec before, as far as the console tells of it.
    package struct Previous: Sendable, Equatable {
        package var image: String
        package var command: String
        package var replicas: UInt64?
    }

    package var id: String
    package var version: UInt64
    package var name: String
    package var mode: Mode
    package var image: String
    /// What its tasks run, with the arguments; empty where that is the image's own.
    package var command: String
    package var changed: Timestamp
    package var updateState: SwarmUpdateStatus.UpdateState?
    package var updateMessage: String
    /// When the last update began; the beginning of time where it does not say.
    package var updateStarted: Timestamp
    package var ports: String
    /// Changes with the spec only, not with what the orchestrator writes.
    package var specVersion: UInt64
    var portRows: [PortRow]
    /// The identifiers of the networks, secrets and configs that its tasks use.
    var uses: Set<String>
    /// How many tasks an update replaces at a time; 0 is all.
    package var parallelism: UInt64
    /// What a roll-back would bring back; nil where there was no spec before.
    package var previous: Previous?
    var gone: Timestamp?

    package init(_ service: SwarmService) {
        self.id = service.id
        self.version = service.meta.version.index
        self.name = service.spec.annotations.name
        switch service.spec.mode {
        case .replicated(let replicated): self.mode = .replicated(replicated.replicas)
        case .global: self.mode = .global
        case .replicatedJob(let job): self.mode = .job(job.totalCompletions)
        case .globalJob: self.mode = .globalJob
        case nil: self.mode = .replicated(0)
        }
        self.image = service.spec.task.container.image
        self.command = Self.command(service.spec.task.container)
        self.changed = Timestamp(service.meta.hasUpdatedAt ? service.meta.updatedAt : service.meta.createdAt)
        self.updateState = service.hasUpdateStatus ? service.updateStatus.state : nil
        self.updateMessage = service.updateStatus.message
        self.updateStarted = Timestamp(service.updateStatus.startedAt)
        let ports = service.endpoint.ports.isEmpty ? service.spec.endpoint.ports : service.endpoint.ports
        self.portRows = ports.map { PortRow($0, of: service.id) }
        self.ports = self.portRows.map(\.text).joined(separator: " ")
        self.specVersion = service.specVersion.index
        let container = service.spec.task.container
        let networks = service.spec.task.networks.isEmpty ? service.spec.networks : service.spec.task.networks
        self.uses = Set(
            networks.map(\.target) + container.secrets.map(\.secretID) + container.configs.map(\.configID)
        )
        // Without settings SwarmKit replaces one task at a time (`api/defaults/service.go`).
        self.parallelism = service.spec.hasUpdate ? service.spec.update.parallelism : 1
        if service.hasPreviousSpec {
            let spec = service.previousSpec
            let replicas: UInt64? = if case .replicated(let mode) = spec.mode { mode.replicas } else { nil }
            let container = spec.task.container
            self.previous = Previous(
                image: container.image,
                command: Self.command(container),
                replicas: replicas
            )
        }
    }

    private static func command(_ container: SwarmContainerSpec) -> String {
        (container.command + container.args).joined(separator: " ")
    }

    var key: NameKey { NameKey(rank: 0, name: self.name, id: self.id) }
}

/// What the console keeps of a node.
package struct NodeRow: Sendable, Equatable {
    package var id: String
    package var version: UInt64
    package var name: String
    package var isManager: Bool
    /// It is to become, or to stay, a manager.
    package var wantsManager: Bool
    package var isLeader: Bool
    package var isReachable: Bool
    package var hasManagerStatus: Bool
    package var state: SwarmNodeStatus.State
    package var message: String
    package var availability: SwarmNodeSpec.Availability
    package var addr: String
    package var nanoCPUs: Int64
    package var memory: Int64
    package var engine: String
    package var platform: String
    /// `key=value`, sorted.
    package var labels: [String]
    var gone: Timestamp?

    package init(_ node: SwarmNode) {
        self.id = node.id
        self.version = node.meta.version.index
        let names = [node.description_p.hostname, node.spec.annotations.name, String(node.id.prefix(12))]
        self.name = names.first { !$0.isEmpty } ?? "?"
        self.isManager = node.role == .manager || node.hasManagerStatus
        self.wantsManager = node.spec.desiredRole == .manager
        self.hasManagerStatus = node.hasManagerStatus
        self.isLeader = node.managerStatus.leader
        self.isReachable = node.managerStatus.reachability != .unreachable
        self.state = node.status.state
        self.message = node.status.message
        self.availability = node.spec.availability
        self.addr = node.hasManagerStatus ? node.managerStatus.addr : node.status.addr
        self.nanoCPUs = node.description_p.resources.nanoCpus
        self.memory = node.description_p.resources.memoryBytes
        self.engine = node.description_p.engine.engineVersion
        let platform = node.description_p.platform
        self.platform = [platform.os, platform.architecture].filter { !$0.isEmpty }.joined(separator: "/")
        self.labels = node.spec.annotations.labels
            .map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.sorted()
    }

    var key: NameKey { NameKey(rank: self.isManager ? 0 : 1, name: self.name, id: self.id) }
    var isReady: Bool { self.state == .ready }

    var stateName: String {
        switch self.state {
        case .ready: "ready"
        case .down: "DOWN!"
        case .disconnected: "DISC!"
        case .unknown, .UNRECOGNIZED: "unknown"
        }
    }

    package var availabilityName: String { self.availability.word }
}

extension SwarmNodeSpec.Availability {
    /// The word that docker's commands use.
    package var word: String {
        switch self {
        case .active: "active"
        case .pause: "pause"
        case .drain: "drain"
        case .UNRECOGNIZED(let value): "?(\(value))"
        }
    }
}
