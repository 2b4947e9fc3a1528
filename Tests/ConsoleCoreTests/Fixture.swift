import Primitives
import SwarmAPI
import SwiftProtobuf

@testable import ConsoleCore

/// A cluster of three managers and four workers in the middle of its day.
enum Fixture {
    static let now = Timestamp(seconds: 1_700_000_000)

    static func node(
        _ name: String,
        manager: Bool = false,
        down: Bool = false,
        availability: SwarmNodeSpec.Availability = .active,
        version: UInt64 = 10,
        labels: [String: String] = [:]
    ) -> SwarmNode {
        .with {
            $0.id = "node-\(name)"
            $0.meta.version.index = version
            $0.meta.createdAt = (Self.now + .seconds(-864_000)).protobuf
            $0.spec.availability = availability
            $0.spec.annotations.labels = labels
            $0.description_p.hostname = name
            $0.description_p.platform.os = "linux"
            $0.description_p.platform.architecture = "x86_64"
            $0.description_p.resources.nanoCpus = 8_000_000_000
            $0.description_p.resources.memoryBytes = 16 << 30
            $0.description_p.engine.engineVersion = "0.1.0"
            $0.status.state = down ? .down : .ready
            $0.status.addr = "10.0.3.7"
            if down { $0.status.message = "heartbeat failure" }
            if manager {
                $0.role = .manager
                $0.spec.desiredRole = .manager
                $0.managerStatus.raftID = 0x2a77f0
                $0.managerStatus.leader = name == "mgr-2"
                $0.managerStatus.reachability = down ? .unreachable : .reachable
                $0.managerStatus.addr = "10.0.3.1:2377"
            }
        }
    }

    static func service(
        _ name: String,
        _ replicas: UInt64?,
        age: Int64,
        version: UInt64 = 20,
        update: SwarmUpdateStatus.UpdateState? = nil
    ) -> SwarmService {
        .with {
            $0.id = "service-\(name)"
            $0.meta.version.index = version
            $0.meta.createdAt = (Self.now + .seconds(-4_000_000)).protobuf
            $0.meta.updatedAt = (Self.now + .seconds(-age)).protobuf
            $0.spec.annotations.name = name
            $0.spec.task.container.image = "\(name):5.1"
            if let replicas { $0.spec.replicated.replicas = replicas } else { $0.spec.global = .init() }
            if let update {
                $0.updateStatus.state = update
                $0.updateStatus.startedAt = (Self.now + .seconds(-130)).protobuf
                if update == .paused { $0.updateStatus.message = "update paused due to failure" }
            }
            guard name == "billing" else { return }
            $0.spec.update.parallelism = 2
            $0.previousSpec = $0.spec
            $0.previousSpec.task.container.image = "billing:5.0"
            $0.previousSpec.replicated.replicas = 3
        }
    }

    static func task(
        _ service: String,
        _ slot: UInt64,
        _ state: SwarmTaskState,
        on node: String = "",
        age: Int64 = 7200,
        desired: SwarmTaskState = .running,
        error: String = "",
        version: UInt64 = 30,
        id: String? = nil
    ) -> SwarmTask {
        .with {
            $0.id = id ?? "task-\(service)-\(slot)-\(state)"
            $0.meta.version.index = version
            $0.meta.createdAt = (Self.now + .seconds(-age - 5)).protobuf
            $0.serviceID = "service-\(service)"
            $0.serviceAnnotations.name = service
            $0.slot = slot
            $0.nodeID = node.isEmpty ? "" : "node-\(node)"
            $0.desiredState = desired
            $0.status.state = state
            $0.status.timestamp = (Self.now + .seconds(-age)).protobuf
            $0.status.message = state == .running ? "started" : ""
            $0.status.err = error
            $0.spec.container.image = "\(service):5.1"
            $0.spec.resources.reservations.nanoCpus = 500_000_000
            $0.spec.resources.reservations.memoryBytes = 1 << 29
            if state == .failed { $0.status.container.exitCode = 137 }
        }
    }

    static let nodes =
        [
            Self.node("mgr-1", manager: true), Self.node("mgr-2", manager: true),
            Self.node("mgr-3", manager: true), Self.node("w01", labels: ["zone": "a", "ssd": ""]),
            Self.node("w02", availability: .drain), Self.node("w03", availability: .pause),
            Self.node("w07", down: true, labels: ["zone": "b"]),
        ]

    static let services = [
        Self.service("api", 12, age: 41 * 86400), Self.service("billing", 4, age: 720, update: .paused),
        Self.service("cache", 3, age: 9 * 86400), Self.service("edge", nil, age: 41 * 86400),
        Self.service("search", 6, age: 125, update: .updating), Self.service("搜索-索引", 2, age: 3600),
    ]

    static let noSuitableNode =
        "no suitable node (insufficient memory on 9 nodes; scheduling constraints not satisfied on 4 nodes)"

    static var tasks: [SwarmTask] {
        var tasks = (1...12).map { Self.task("api", $0, .running, on: $0 % 2 == 0 ? "mgr-1" : "w01") }
        tasks += (1...3).map { Self.task("billing", $0, .running, on: "mgr-2") }
        tasks.append(Self.task("billing", 4, .pending, age: 252, error: Self.noSuitableNode))
        tasks += (1...3).map { Self.task("cache", $0, .running, on: "mgr-3") }
        tasks += ["mgr-1", "mgr-2", "mgr-3", "w01"].map { node in
            Self.task("edge", 0, .running, on: node, id: "task-edge-\(node)")
        }
        tasks.append(
            Self.task(
                "edge",
                0,
                .orphaned,
                on: "w07",
                age: 1560,
                desired: .shutdown,
                error: "node w07 is down",
                id: "task-edge-w07"
            )
        )
        tasks += (1...3).map { Self.task("search", $0, .running, on: "w01", age: 121) }
        tasks.append(Self.task("search", 4, .starting, on: "w01", age: 21))
        tasks.append(Self.task("search", 5, .starting, on: "mgr-3", age: 19))
        tasks.append(Self.task("search", 6, .assigned, on: "w01", age: 3))
        tasks.append(
            Self.task("search", 4, .failed, on: "w03", age: 58, desired: .shutdown, error: "OOM kill")
        )
        tasks += (1...2).map { Self.task("搜索-索引", $0, .running, on: "mgr-3", age: 3500) }
        return tasks
    }

    private static func member(_ name: String, _ match: UInt64, _ progress: String) -> SwarmdRaftPeer {
        .with {
            $0.nodeID = "node-\(name)"
            $0.raftID = 0x2a77f0 + UInt64(name.utf8.last ?? 0)
            $0.addr = "10.0.3.1:2377"
            $0.leader = progress.isEmpty
            $0.reachable = true
            $0.match = match
            $0.next = match + 1
            $0.progress = progress
            if !progress.isEmpty { $0.lastContact = (Self.now + .seconds(-3)).protobuf }
        }
    }

    static let cluster = SwarmCluster.with {
        $0.id = "cluster-1"
        $0.meta.version.index = 70
        $0.spec.annotations.name = "default"
    }

    static let status = SwarmdConsoleStatus.with {
        $0.trust = Fixture.trust
        $0.clusterName = "prod-eu1"
        $0.nodeID = "node-mgr-1"
        $0.hostname = "mgr-1"
        $0.version = "0.1.0"
        $0.raft.leaderID = "node-mgr-2"
        $0.raft.term = 42
        $0.raft.commitIndex = 918_233
        $0.raft.appliedIndex = 918_233
        $0.raft.firstIndex = 910_001
        $0.raft.snapshotIndex = 915_000
        $0.raft.logBytes = 19_084_083
        $0.raft.members = [
            Self.member("mgr-1", 918_233, "replicate"), Self.member("mgr-2", 918_233, ""),
            Self.member("mgr-3", 917_802, "probe"),
        ]
        $0.raft.elections = [
            (41 as UInt64, "follower of 2a7821", -90_000), (42, "follower, no leader", -4_000),
            (42, "follower of 2a7822", -3_800),
        ].map { term, event, at in
            .with {
                $0.term = term
                $0.event = event
                $0.at = (Fixture.now + .milliseconds(at)).protobuf
            }
        }
        $0.transitions = [SwarmTaskState.new, .pending, .assigned, .accepted, .preparing, .ready].enumerated()
            .map { index, state in
                SwarmdTaskTransition.with {
                    $0.taskID = "task-search-4-starting"
                    $0.state = state
                    $0.at = (Fixture.now + .milliseconds(-27_000 + 150 * index)).protobuf
                }
            }
    }

    /// A console that is connected to the cluster.
    static func model(columns: Int = 80, rows: Int = 24, readOnly: Bool = false) -> Model {
        var model = Model(
            size: Size(columns: columns, rows: rows),
            readOnly: readOnly,
            socket: "/run/swarmd.sock",
            now: Self.now
        )
        Self.connect(&model)
        return model
    }

    /// Connects a console to the cluster.
    static func connect(_ model: inout Model) {
        _ = update(&model, .connecting, now: Self.now)
        _ = update(
            &model,
            .listed(cluster: Self.cluster, nodes: Self.nodes, services: Self.services, tasks: Self.tasks),
            now: Self.now
        )
        _ = update(&model, .status(Self.status), now: Self.now)
    }

    static func event(_ action: SwarmWatchActionKind, _ task: SwarmTask) -> SwarmWatchMessage.Event {
        .with {
            $0.action = action
            $0.object.task = task
        }
    }

    static func event(_ action: SwarmWatchActionKind, _ service: SwarmService) -> SwarmWatchMessage.Event {
        .with {
            $0.action = action
            $0.object.service = service
        }
    }
}

extension Model {
    /// Presses keys, each after the frame before it was painted.
    @discardableResult
    mutating func press(_ keys: Key..., at now: Timestamp = Fixture.now) -> [Effect] {
        var effects: [Effect] = []
        for key in keys {
            effects += update(&self, .key(key), now: now)
            _ = update(&self, .painted, now: now)
        }
        return effects
    }

    /// Types text.
    @discardableResult
    mutating func type(_ text: String) -> [Effect] {
        text.flatMap { self.press(.character($0)) }
    }

    var screen: Frame { view(self, self.size, Capabilities(utf8: true, colour: true)) }
    var text: String { self.screen.lines.joined(separator: "\n") }
}
