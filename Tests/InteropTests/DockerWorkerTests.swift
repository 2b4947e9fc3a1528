import ControlClient
import Foundation
import NetworkLab
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// A stock Docker Engine as a worker of our manager, each on a machine of its own.
@Suite(
    .serialized,
    .enabled(if: NetworkLab.obstacle == nil, "\(NetworkLab.obstacle ?? "")"),
    .enabled(if: DockerEngine.obstacle == nil, "\(DockerEngine.obstacle ?? "")")
)
struct DockerWorkerTests {
    private static let address = "\(NetworkLab.address(0)):2377"
    /// Tasks that end at once; each costs some eight reports.
    private static let shortTasks = 200

    /// Runs `body` with a manager and an engine that is no node yet.
    private static func run(_ body: (LocalSwarm, DockerEngine) async throws -> Void) async throws {
        try await NetworkLab.with(machines: 2) { lab in
            try await LocalSwarm.scratch { swarm in
                try swarm.start(
                    "manager",
                    ["--init", "--executor", "simulated"],
                    at: Self.address,
                    in: ["/usr/bin/env"] + lab.command([], on: 0)
                )
                let engine = try DockerEngine(in: swarm.folder.appending(path: "engine")) {
                    lab.command($0, on: 1)
                }
                defer { engine.end() }
                try engine.waitUntilReady()
                try await body(swarm, engine)
            }
        }
    }

    /// A service of the engine's image, whose tasks run there.
    private static func service(
        _ name: String,
        replicas: UInt64 = 1,
        _ command: String...
    ) -> SwarmServiceSpec {
        .with {
            $0.annotations.name = name
            $0.replicated.replicas = replicas
            $0.task.container.image = DockerEngine.image
            $0.task.container.command = ["/bin/busybox"] + command
            $0.task.container.stopGracePeriod = .init(seconds: 1, nanos: 0)
            $0.task.placement.constraints = ["node.hostname==\(DockerEngine.host)"]
            $0.task.restart.condition = .any
            $0.task.restart.delay = .init()
        }
    }

    /// What the engine's line in `swarmd node ls` says it is; nil without one.
    private static func state(_ swarm: LocalSwarm) throws -> Substring? {
        let lines = try swarm.command("swarmd", ["node", "ls"]).out.split(separator: "\n")
        let words = lines.first { $0.contains(" \(DockerEngine.host) ") }?.split(separator: " ")
        return words?.dropFirst(2).first
    }

    private static func waitForTask(of service: String, _ swarm: LocalSwarm) async throws {
        try await swarm.withClient { client in
            try await swarm.waitUntil("a task of \(service) runs", within: 30) {
                try await client.control.listTasks(.init()).tasks.contains {
                    $0.serviceAnnotations.name == service && $0.status.state == .running
                }
            }
        }
    }

    /// Runs many tasks that end at once; returns how many calls of the engine's were answered in each second.
    private static func runShortTasks(_ swarm: LocalSwarm, _ engine: DockerEngine) async throws -> Double {
        let (start, before) = (ContinuousClock.now, try Self.answered(engine))
        try await swarm.withClient { client in
            // Most never get as far as a container: what they are to mount is nowhere.
            let ending = Self.service("ending", replicas: 6, "true")
            var failing = Self.service("failing", replicas: 60, "true")
            failing.task.container.mounts = [
                .with {
                    $0.type = .bind
                    $0.source = "/nowhere"
                    $0.target = "/mnt"
                }
            ]
            for spec in [ending, failing] {
                _ = try await client.control.createService(.with { $0.spec = spec })
            }
            try await swarm.waitUntil(
                "\(Self.shortTasks) tasks ended, some of them in containers",
                within: 60
            ) {
                let ended = try engine.count("RUNNING->COMPLETE")
                return try ended >= 20 && ended + engine.count("PREPARING->REJECTED") >= Self.shortTasks
            }
            for service in try await client.control.listServices(.init()).services {
                _ = try await client.control.removeService(.with { $0.serviceID = service.id })
            }
        }
        return Double(try Self.answered(engine) - before) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// The reports and heartbeats that the manager took.
    private static func answered(_ engine: DockerEngine) throws -> Int {
        try engine.count("task status reported|heartbeat successful")
    }

    @Test func `an engine joins, runs tasks, keeps its one connection, and leaves`() async throws {
        try await Self.run { swarm, engine in
            try engine.importImage()
            try engine.docker(["swarm", "join", "--token", await swarm.token(of: "worker"), Self.address])
            try await swarm.waitUntil("the engine is ready", within: 20) {
                try Self.state(swarm) == "Ready"
            }
            try await swarm.withClient { client in
                let spec = Self.service("web", "sleep", "1000")
                _ = try await client.control.createService(.with { $0.spec = spec })
            }
            try await Self.waitForTask(of: "web", swarm)
            let rate = try await Self.runShortTasks(swarm, engine)
            #expect(rate > 10, "\(rate) calls in a second")

            #expect(try engine.count("ENHANCE_YOUR_CALM|too_many_pings|GOAWAY|GoAway|session failed") == 0)
            #expect(try engine.count("agent: registered") == 1)
            try engine.docker(["swarm", "leave"])
            try await swarm.waitUntil("the engine is gone", within: 60) {
                try Self.state(swarm) == "Down"
            }
        }
    }
}
