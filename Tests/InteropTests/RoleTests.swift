import ControlClient
import Foundation
import Glibc
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// Five real nodes on loopback change their roles, one after the other, while tasks run and clients write.
@Suite(.serialized) struct RoleTests {
    private static let nodes = ["manager"] + (2...5).map { "node-\($0)" }
    /// How long roles change; the issue wants two minutes.
    private static let span = Duration.seconds(
        ProcessInfo.processInfo.environment["SWARM_ROLE_SECONDS"].flatMap(Int.init) ?? 15
    )
    /// The order of the changes, to see a failure again.
    private static let seed = ProcessInfo.processInfo.environment["SWARM_ROLE_SEED"].flatMap(UInt64.init)
    /// The fewest managers that a demotion leaves.
    private static let fewest = 2
    private static let patience = Duration.seconds(5)

    @Test func `each node is promoted and demoted under load, and no write is lost and no task is restarted`()
        async throws
    {
        let seed = Self.seed ?? .random(in: 0 ... .max)
        try await LocalSwarm.run(linesOfLog: 4_000) { swarm, client in
            try await Self.gather(swarm)
            let starts = swarm.folder.appending(path: "starts").path
            _ = try await client.control.createService(.with { $0.spec = Self.spec(starts) })
            try await swarm.waitUntil("five tasks run", within: 30) {
                try await Self.running(client).count == 5
            }
            let before = try await Self.running(client)
            let sockets = Self.nodes.map { swarm.socket(of: $0) }
            let writers = [
                FollowingWriter("a", to: sockets), FollowingWriter("b", to: sockets.reversed()),
            ]
            var roles = Roles(of: Self.nodes, managers: 3, seed: seed)
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                for writer in writers { group.addTask { try await writer.run() } }
                try await Self.changeRoles(of: swarm, &roles)
            }
            let longest = writers.map(\.longest).max() ?? .zero
            let acknowledged = writers.flatMap(\.acknowledged)
            print(
                "roles: seed \(seed), \(roles.changes) changes, \(acknowledged.count) writes, longest \(longest)"
            )
            var faults = try await Self.faults(before, starts, of: swarm, asking: roles.managers[0])
            if longest >= Self.patience { faults.append("a write was without an answer for \(longest)") }
            if acknowledged.count <= 20 { faults.append("\(acknowledged.count) writes in all") }
            for name in roles.managers {
                let lost = Set(acknowledged).subtracting(try await swarm.configNames(on: name))
                if !lost.isEmpty { faults.append("\(name) lost \(lost.sorted())") }
            }
            // A failure that is thrown shows the daemons' logs.
            try #require(faults.isEmpty, "seed \(seed): \(faults)")
        }
    }

    @Test(arguments: [0, 50, 200, 400, 700])
    func `a manager that is promoted again while it is demoted is back in seconds`(
        milliseconds: Int
    ) async throws {
        try await LocalSwarm.runGroup { swarm in
            let leader = try await swarm.leader()
            let name = try #require(LocalSwarm.managers.last { $0 != leader && $0 != "manager" })
            try await swarm.withClient { client in
                try await Self.want(name, .worker, client)
                try await ContinuousClock().sleep(for: .milliseconds(milliseconds))
                try await Self.want(name, .manager, client)
                try await swarm.waitUntil("\(name) is in the group again", within: 10) {
                    let node = try await client.node(named: name)
                    let answers = (try? await swarm.configs(on: name)) != nil
                    return node.managerStatus.reachability == .reachable && node.role == .manager && answers
                }
            }
            try await swarm.waitForVoters(3)
        }
    }

    private static func want(_ name: String, _ role: SwarmNodeRole, _ client: ControlClient) async throws {
        var node = try await client.node(named: name)
        node.spec.desiredRole = role
        _ = try await client.update(node)
    }

    /// Brings the number of nodes to five, of which three are managers.
    private static func gather(_ swarm: LocalSwarm) async throws {
        for (place, name) in Self.nodes.enumerated().dropFirst() {
            try await swarm.join(name, as: place < 3 ? "manager" : "worker", ["--executor", "process"])
        }
        try await swarm.waitForVoters(3)
        try await swarm.waitUntil("five nodes are ready", within: 30) {
            try await Self.list("manager", swarm).filter { $0.status.state == .ready }.count == 5
        }
    }

    private static func changeRoles(of swarm: LocalSwarm, _ roles: inout Roles) async throws {
        let end = ContinuousClock.now + Self.span
        while ContinuousClock.now < end || !roles.untouched.isEmpty {
            let (name, role) = roles.next(fewest: Self.fewest)
            let asked = roles.managers.first { $0 != name } ?? name
            try await Self.give(name, role, swarm, asking: asked)
            roles.done(name, role)
        }
    }

    /// Gives the node `name` the role, and waits until it has it and the cluster knows.
    private static func give(
        _ name: String,
        _ role: SwarmNodeRole,
        _ swarm: LocalSwarm,
        asking asked: String
    ) async throws {
        try await swarm.waitUntil("\(name) is to be a \(role)", within: 10) {
            try await swarm.withClient(of: asked) { client in
                var node = try await client.node(named: name)
                node.spec.desiredRole = role
                _ = try await client.update(node)
            }
            return true
        }
        try await swarm.waitUntil("\(name) is a \(role)", within: 40) {
            guard
                let node = try await Self.list(asked, swarm).first(where: {
                    $0.description_p.hostname == name
                })
            else { return false }
            let answers = (try? await swarm.configs(on: name)) != nil
            switch role {
            case .manager: return node.managerStatus.reachability == .reachable && answers
            default: return node.role == .worker && !node.hasManagerStatus && !answers
            }
        }
    }

    private static func list(_ name: String, _ swarm: LocalSwarm) async throws -> [SwarmNode] {
        var nodes: [SwarmNode] = []
        try await swarm.withClient(of: name) { client in
            nodes = try await client.control.listNodes(.init(), options: ControlClient.requestOptions).nodes
        }
        return nodes
    }

    // MARK: Tasks

    private static func spec(_ starts: String) -> SwarmServiceSpec {
        .with {
            $0.annotations.name = "steady"
            $0.replicated.replicas = 5
            $0.task.container.image = "host"
            $0.task.container.command = ["sh", "-c", "echo $$ >> \(starts); exec sleep 600"]
            $0.task.container.stopGracePeriod.seconds = 1
        }
    }

    /// The running tasks' process ids, by task id.
    private static func running(_ client: ControlClient) async throws -> [String: Int32] {
        let tasks = try await client.control.listTasks(.init(), options: ControlClient.requestOptions).tasks
            .filter { $0.status.state == .running }
        return Dictionary(uniqueKeysWithValues: tasks.map { ($0.id, $0.status.container.pid) })
    }

    /// What is wrong unless the tasks are the same processes as before, and there never were others.
    private static func faults(
        _ before: [String: Int32],
        _ starts: String,
        of swarm: LocalSwarm,
        asking name: String
    ) async throws -> [String] {
        var faults: [String] = []
        try await swarm.withClient(of: name) { client in
            let running = try await Self.running(client)
            if running != before { faults.append("\(running) run instead of \(before)") }
            let tasks = try await client.control.listTasks(.init(), options: ControlClient.requestOptions)
                .tasks
            let others = tasks.filter { before[$0.id] == nil || $0.desiredState != .running }
            faults += others.map { "task \($0.id) on \($0.nodeID): \($0.status.state) \($0.status.err)" }
        }
        let pids = try String(contentsOfFile: starts, encoding: .utf8).split(separator: "\n").compactMap {
            Int32($0)
        }
        if pids.sorted() != before.values.sorted() { faults.append("started were \(pids)") }
        let lost = before.values.filter { kill(pid_t($0), 0) != 0 }
        if !lost.isEmpty { faults.append("lost were \(lost)") }
        return faults
    }
}

/// Which nodes are managers, and which node's role changes next.
private struct Roles {
    private(set) var managers: [String]
    private(set) var changes = 0
    /// The nodes that have not been given both roles yet.
    var untouched: [String] { self.nodes.filter { self.given[$0, default: []].count < 2 } }
    private let nodes: [String]
    private var given: [String: Set<Int>] = [:]
    private var generator: SeededGenerator
    private var queue: [String] = []

    init(of nodes: [String], managers: Int, seed: UInt64) {
        self.nodes = nodes
        self.managers = Array(nodes.prefix(managers))
        self.generator = SeededGenerator(seed: seed)
    }

    /// Draws the next change, which leaves `fewest` managers or more; all nodes get their turn before one gets another.
    mutating func next(fewest: Int) -> (name: String, role: SwarmNodeRole) {
        while true {
            let place = self.queue.firstIndex { !self.managers.contains($0) || self.managers.count > fewest }
            guard let place else {
                self.queue = self.nodes.shuffled(using: &self.generator)
                continue
            }
            let name = self.queue.remove(at: place)
            return (name, self.managers.contains(name) ? .worker : .manager)
        }
    }

    /// Notes a change.
    mutating func done(_ name: String, _ role: SwarmNodeRole) {
        self.changes += 1
        self.given[name, default: []].insert(role.rawValue)
        self.managers.removeAll { $0 == name }
        if role == .manager { self.managers.append(name) }
    }
}
