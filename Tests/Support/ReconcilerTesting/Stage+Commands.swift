import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

extension Stage {
    mutating func putNode(_ id: String, _ options: Options) throws {
        let known = self.state.nodes[id]
        var node = known ?? SwarmNode()
        if known == nil {
            node.id = id
            node.status.state = .ready
            node.description_p.hostname = id
            node.description_p.platform.os = "linux"
            node.description_p.platform.architecture = "x86_64"
        }
        for (key, value) in options.pairs { try node.set(key, value) }
        try self.commit { known == nil ? try $0.create(node) : try $0.update(node) }
    }

    /// Takes the node down.
    package mutating func setDown(_ id: String) {
        guard var node = self.state.nodes[id] else { return }
        node.status.state = .down
        self.commit { try? $0.update(node) }
    }

    /// Creates or changes a service; a change gets a new spec version, as the API gives it.
    mutating func putService(_ name: String, _ options: Options) throws {
        let known = self.state.services.named(name)
        var service = known ?? SwarmService()
        if known == nil {
            service.id = "service-\(name)"
            service.spec.annotations.name = name
            service.spec.replicated.replicas = 1
            service.specVersion = SwarmVersion()
        } else {
            service.previousSpec = service.spec
            service.previousSpecVersion = service.specVersion
            service.specVersion = service.meta.version
            service.clearUpdateStatus()
        }
        for (key, value) in options.pairs { try service.spec.set(key, value) }
        service.beginRun(at: self.now)
        try self.commit { known == nil ? try $0.create(service) : try $0.update(service) }
    }

    /// What the API makes of a wish to go back to the spec before.
    mutating func rollBack(_ name: String) throws {
        guard var service = self.state.services.named(name), service.hasPreviousSpec else {
            throw Transcript.Mistake(description: "no previous spec of service: \(name)")
        }
        (service.spec, service.previousSpec) = (service.previousSpec, service.spec)
        (service.specVersion, service.previousSpecVersion) =
            (service.previousSpecVersion, service.specVersion)
        service.clearUpdateStatus()
        service.updateStatus.state = .rollbackStarted
        service.updateStatus.message = "manually requested rollback"
        service.updateStatus.startedAt = self.now.protobuf
        try self.commit { try $0.update(service) }
    }

    /// Creates a network, or changes it, as a fault in the store would.
    mutating func putNetwork(_ name: String, _ options: Options) throws {
        let known = self.state.networks["network-\(name)"]
        var network = known ?? SwarmNetwork()
        network.id = "network-\(name)"
        network.spec.annotations.name = name
        for (key, value) in options.pairs { try network.set(key, value) }
        try self.commit { known == nil ? try $0.create(network) : try $0.update(network) }
    }

    mutating func putCluster(_ options: Options) throws {
        let known = self.state.clusters["cluster"]
        var cluster = known ?? SwarmCluster()
        cluster.id = "cluster"
        cluster.spec.annotations.name = "default"
        for (key, value) in options.pairs {
            switch key {
            case "pool": cluster.defaultAddressPool.append(value)
            case "subnet-size": cluster.subnetSize = UInt32(try Options.number(value))
            default: cluster.spec.orchestration.taskHistoryRetentionLimit = try Options.number(value)
            }
        }
        try self.commit { known == nil ? try $0.create(cluster) : try $0.update(cluster) }
    }

    /// Changes the newest task called `name`, or makes a task in the service's slot, or one without a service.
    mutating func putTask(_ name: String, _ options: Options) throws {
        let known = self.names.id(of: name).flatMap { self.state.tasks[$0] }
        var task = try known ?? self.newTask(name)
        for (key, value) in options.pairs {
            switch key {
            case "state": task.status.state = try SwarmTaskState(text: value)
            case "desired": task.desiredState = try SwarmTaskState(text: value)
            case "node": task.nodeID = value
            case "err": task.status.err = value.replacing("_", with: " ")
            default: throw Transcript.Mistake(description: "no option of tasks: \(key)")
            }
        }
        task.status.timestamp = self.now.protobuf
        task.status.appliedAt = self.now.protobuf
        try self.commit { known == nil ? try $0.create(task) : try $0.update(task) }
        _ = self.names.name(of: task, on: self.state)
    }

    private func newTask(_ name: String) throws -> SwarmTask {
        var task = SwarmTask()
        task.id = name
        task.desiredState = .running
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 2 else { return task }
        guard let service = self.state.services.named(parts[0]) else {
            throw Transcript.Mistake(description: "no service: \(parts[0])")
        }
        task.serviceID = service.id
        task.slot = UInt64(parts[1]) ?? 0
        task.spec = service.spec.task
        task.specVersion = service.specVersion
        task.endpoint.spec = service.spec.endpoint
        task.endpoint.ports = service.spec.endpoint.ports
        return task
    }

    mutating func remove(_ kind: String, _ name: String) throws {
        switch kind {
        case "node": try self.commit { try $0.remove(SwarmNode.self, id: name) }
        case "service": try self.commit { try $0.remove(SwarmService.self, id: "service-\(name)") }
        case "network": try self.commit { try $0.remove(SwarmNetwork.self, id: "network-\(name)") }
        case "task":
            let id = self.names.id(of: name) ?? name
            try self.commit { try $0.remove(SwarmTask.self, id: id) }
        default: throw Transcript.Mistake(description: "cannot remove: \(kind)")
        }
    }
}

extension SwarmTaskState {
    fileprivate init(text: String) throws {
        guard let state = Self.allCases.first(where: { "\($0)" == text }) else {
            throw Transcript.Mistake(description: "no task state: \(text)")
        }
        self = state
    }
}

extension SwarmNode {
    fileprivate mutating func set(_ key: String, _ value: String) throws {
        switch key {
        case "state":
            let states: [String: SwarmNodeStatus.State] = [
                "ready": .ready, "down": .down, "unknown": .unknown, "disconnected": .disconnected,
            ]
            self.status.state = states[value] ?? .unknown
        case "availability":
            let kinds: [String: SwarmNodeSpec.Availability] = [
                "active": .active, "pause": .pause, "drain": .drain,
            ]
            self.spec.availability = kinds[value] ?? .active
        case "cpus": self.description_p.resources.nanoCpus = try Options.number(value) * 1_000_000_000
        case "memory": self.description_p.resources.memoryBytes = try Options.number(value)
        case "generic": self.description_p.resources.generic += Options.generic(value)
        case "plugin":
            let parts = value.split(separator: ":").map(String.init)
            self.description_p.engine.plugins.append(
                .with { ($0.type, $0.name) = (parts.first ?? "", parts.last ?? "") }
            )
        case "arch": self.description_p.platform.architecture = value
        case "os": self.description_p.platform.os = value
        case _ where key.hasPrefix("label."): self.spec.annotations.labels[String(key.dropFirst(6))] = value
        case _ where key.hasPrefix("engine."):
            self.description_p.engine.labels[String(key.dropFirst(7))] = value
        default: throw Transcript.Mistake(description: "no option of nodes: \(key)")
        }
    }
}

extension SwarmService {
    /// Begins the next run where the service is a job, as each change of it does.
    fileprivate mutating func beginRun(at moment: Timestamp) {
        switch self.spec.mode {
        case .replicatedJob?, .globalJob?: break
        case .replicated?, .global?, nil: return
        }
        if self.hasJobStatus { self.jobStatus.jobIteration.index += 1 }
        self.jobStatus.lastExecution = moment.protobuf
    }
}

extension SwarmServiceSpec {
    fileprivate mutating func set(_ key: String, _ value: String) throws {
        if try self.setPolicy(key, value) || self.setMode(key, value) { return }
        switch key {
        case _ where key.hasPrefix("label."):
            self.annotations.labels[String(key.dropFirst(6))] = value
        case "replicas": self.replicated.replicas = UInt64(try Options.number(value))
        case "image": self.task.container.image = value
        case "credentials": self.task.container.pullOptions.registryAuth = value
        case "force": self.task.forceUpdate = UInt64(try Options.number(value))
        case "cpus": self.task.resources.reservations.nanoCpus = try Options.number(value) * 1_000_000_000
        case "memory": self.task.resources.reservations.memoryBytes = try Options.number(value)
        case "generic": self.task.resources.reservations.generic += Options.generic(value)
        case "log": self.task.logDriver.name = value
        case _ where key.hasPrefix("label."): self.annotations.labels[String(key.dropFirst(6))] = value
        case "constraint": self.task.placement.constraints.append(value)
        case "spread":
            var preference = SwarmPlacementPreference()
            preference.spread.spreadDescriptor = value
            self.task.placement.preferences.append(preference)
        case "platform":
            let parts = value.split(separator: "/").map(String.init)
            var platform = SwarmPlatform()
            (platform.os, platform.architecture) = (parts.first ?? "", parts.last ?? "")
            self.task.placement.platforms.append(platform)
        case "max-per-node": self.task.placement.maxReplicas = UInt64(try Options.number(value))
        case "network":
            var network = SwarmNetworkAttachmentConfig()
            network.target = "network-\(value)"
            self.task.networks.append(network)
        case "address": self.task.networks[self.task.networks.count - 1].addresses.append(value)
        case "endpoint": self.endpoint.mode = value == "dnsrr" ? .dnsrr : .vip
        case "host-port", "ingress-port": self.endpoint.ports.append(try SwarmPortConfig(key, value))
        case "no": self.drop(value)
        default: throw Transcript.Mistake(description: "no option of services: \(key)")
        }
    }

    private mutating func drop(_ what: String) {
        switch what {
        case "ports": self.endpoint.ports = []
        case "networks": self.task.networks = []
        default: self.clearEndpoint()
        }
    }

    private mutating func setPolicy(_ key: String, _ value: String) throws -> Bool {
        if !self.task.hasRestart, ["delay", "attempts", "window"].contains(key) {
            // What clients send for a policy whose condition is not given.
            self.task.restart.condition = .any
        }
        switch key {
        case "restart":
            let conditions: [String: SwarmRestartPolicy.RestartCondition] = [
                "any": .any, "on-failure": .onFailure, "none": .none,
            ]
            self.task.restart.condition = conditions[value] ?? .any
        case "delay": self.task.restart.delay = try Options.duration(value).protobuf
        case "attempts": self.task.restart.maxAttempts = UInt64(try Options.number(value))
        case "window": self.task.restart.window = try Options.duration(value).protobuf
        case _ where key.hasPrefix("rollback-"): try self.rollback.set(String(key.dropFirst(9)), value)
        case "monitor", "failure-action", "order", "ratio":
            if !self.hasUpdate { self.update.parallelism = 1 }
            try self.update.set(key, value)
        case "parallelism": self.update.parallelism = UInt64(try Options.number(value))
        case "update-delay":
            if !self.hasUpdate { self.update.parallelism = 1 }
            self.update.delay = try Options.duration(value).protobuf
        default: return false
        }
        return true
    }

    private mutating func setMode(_ key: String, _ value: String) throws -> Bool {
        switch (key, value) {
        case ("mode", "global"): self.global = SwarmGlobalService()
        case ("mode", "global-job"): self.globalJob = SwarmGlobalJob()
        case ("completions", _): self.replicatedJob.totalCompletions = UInt64(try Options.number(value))
        case ("concurrent", _): self.replicatedJob.maxConcurrent = UInt64(try Options.number(value))
        default: return false
        }
        return true
    }
}

extension SwarmUpdateConfig {
    fileprivate mutating func set(_ key: String, _ value: String) throws {
        switch key {
        case "parallelism": self.parallelism = UInt64(try Options.number(value))
        case "monitor": self.monitor = try Options.duration(value).protobuf
        case "order": self.order = value == "start-first" ? .startFirst : .stopFirst
        case "ratio": self.maxFailureRatio = Float(value) ?? 0
        case "failure-action":
            let actions: [String: FailureAction] = [
                "pause": .pause, "continue": .continue, "rollback": .rollback,
            ]
            self.failureAction = actions[value] ?? .pause
        default: throw Transcript.Mistake(description: "no option of updates: \(key)")
        }
    }
}

extension SwarmPortConfig {
    /// A port such as `8080`, `8080:443/udp` or `any`, which leaves the number open; the target is 80 unless it is said.
    fileprivate init(_ key: String, _ text: String) throws {
        self.init()
        self.publishMode = key == "host-port" ? .host : .ingress
        let halves = text.split(separator: "/").map(String.init)
        let sides = (halves.first ?? "").split(separator: ":").map(String.init)
        self.publishedPort = sides.first == "any" ? 0 : UInt32(try Options.number(sides.first ?? ""))
        self.targetPort = sides.count > 1 ? UInt32(try Options.number(sides[1])) : 80
        let transports: [String: ProtocolEnum] = ["udp": .udp, "sctp": .sctp]
        self.protocol = transports[halves.count > 1 ? halves[1] : ""] ?? .tcp
    }
}

extension SwarmNetwork {
    fileprivate mutating func set(_ key: String, _ value: String) throws {
        switch key {
        case "driver": self.spec.driverConfig.name = value
        case "subnet": self.spec.ipam.configs.append(.with { $0.subnet = value })
        case "gateway": self.changeLast { $0.gateway = value }
        case "range": self.changeLast { $0.range = value }
        case "reserved": self.changeLast { $0.reserved["reserved-\(value)"] = value }
        case "vxlan": self.spec.driverConfig.options[Self.vxlanKey] = value
        case "has-vxlan": self.driverState.options[Self.vxlanKey] = value
        case "option":
            let parts = value.split(separator: ":").map(String.init)
            self.spec.driverConfig.options[parts.first ?? ""] = parts.count > 1 ? parts[1] : ""
        case "ingress": self.spec.ingress = value == "true"
        default: throw Transcript.Mistake(description: "no option of networks: \(key)")
        }
    }

    private mutating func changeLast(_ change: (inout SwarmIPAMConfig) -> Void) {
        guard !self.spec.ipam.configs.isEmpty else { return }
        change(&self.spec.ipam.configs[self.spec.ipam.configs.count - 1])
    }
}
