import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// What operators do with swarmtop, key by key in a terminal (tmux); `docs/console.md` tells the same stories.
@Suite(.serialized) struct OperatorStoryTests {
    /// Brings up a manager and two workers with `services`, and runs `body` with the console on the services.
    private static func run(
        executor: String = "simulated",
        workers: Int = 2,
        _ services: [SwarmServiceSpec],
        _ body: (LocalSwarm, ControlClient, TmuxTerminal) async throws -> Void
    ) async throws {
        try await LocalSwarm.run(executor: executor, workers: workers) { swarm, client in
            for spec in services { _ = try await client.control.createService(.with { $0.spec = spec }) }
            let terminal = TmuxTerminal(swarm: swarm)
            try terminal.open()
            defer { terminal.close() }
            try await terminal.waitFor("LIVE", "[2Services]")
            try await body(swarm, client, terminal)
            try terminal.type("q")
        }
    }

    private static func service(
        _ name: String,
        replicas: UInt64,
        _ change: (inout SwarmServiceSpec) -> Void = { _ in }
    ) -> SwarmServiceSpec {
        .with {
            $0.annotations.name = name
            $0.replicated.replicas = replicas
            $0.task.container.image = "host"
            change(&$0)
        }
    }

    private static func service(named name: String, _ client: ControlClient) async throws -> SwarmService {
        let services = try await client.control.listServices(.init()).services
        return try #require(services.first { $0.spec.annotations.name == name })
    }

    // MARK: Stories

    @Test func `an operator finds out why a task is pending, and sees it run`() async throws {
        let cache = Self.service("cache", replicas: 2) {
            $0.task.resources.reservations.memoryBytes = 900 << 30
        }
        let db = Self.service("db", replicas: 2) {
            $0.task.placement.constraints = ["node.labels.disk==ssd"]
        }
        try await Self.run([cache, db, Self.service("web", replicas: 3)]) { swarm, _, terminal in
            let paused = try swarm.command(
                "swarmd",
                ["node", "update", "--availability", "pause", "worker-1"]
            )
            #expect(paused.status == 0, "\(paused.err)")
            // The whole reason stands below the list.
            try await terminal.waitFor(">  cache", "cache.1 PENDING", "insufficient resources on 2 nodes")
            try terminal.type("Down")
            try await terminal.tell(
                "pending",
                ">  db",
                "0/2  P2!",
                "db.1 PENDING",
                "(scheduling constraints not satisfied on",
                "2 nodes: none meets node.labels.disk==ssd;"
            )
            try terminal.type("Enter")
            try await terminal.waitFor("Services > db > Tasks", "no suitable node (scheduling..")
            try terminal.type("Enter")
            try await terminal.waitFor("Tasks > db.1 > describe")
            try terminal.type("/", "node.labels", "Enter")
            try await terminal.tell("pending-task", "node.labels.disk==ssd")
            let labelled = try swarm.command(
                "swarmd",
                ["node", "update", "--label-add", "disk=ssd", "worker-2"]
            )
            #expect(labelled.status == 0, "\(labelled.err)")
            try terminal.type("Escape", "Escape", "Escape")
            try await terminal.wait("both tasks of db run") { screen in
                screen.split(separator: "\n").contains { $0.contains(" db ") && $0.contains("2/2  R2") }
            }
        }
    }

    @Test func `an operator scales a service after a look at what it would do`() async throws {
        let web = Self.service("web", replicas: 3) {
            $0.task.resources.reservations.nanoCpus = 100_000_000
        }
        try await Self.run([web]) { _, client, terminal in
            try await terminal.waitFor("3/3")
            try terminal.type("S")
            try await terminal.waitFor("Scale web")
            try terminal.type("9")
            try await terminal.tell(
                "scale",
                "Scale web",
                "new: [ 9",
                "Room: 6 more fit",
                "manager 3  worker-1 3  worker-2 3 after",
                "y: scale"
            )
            #expect(try await Self.service(named: "web", client).spec.replicated.replicas == 3)
            try terminal.type("y")
            try await terminal.waitFor("9/9", "Done: web scaled from 3 to 9")
            try terminal.type("Enter")
            try await terminal.wait("nine tasks run") { screen in
                screen.split(separator: "\n").count { $0.contains("RUNNING   RUNNING") } == 9
            }
        }
    }

    @Test func `an operator drains a node, watches it empty, and takes that back`() async throws {
        // Its tasks take a second to stop, so that there is something to watch.
        let web = Self.service("web", replicas: 6) {
            $0.task.container.command = [
                "sh", "-c", "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done",
            ]
        }
        try await Self.run(executor: "process", [web]) { swarm, client, terminal in
            try await terminal.waitFor("6/6")
            try terminal.type("1", "Down")
            try await terminal.waitFor(">  worker-1", "worker-1 ready   2 tasks")
            try terminal.type("D")
            try await terminal.tell(
                "drain",
                "2 tasks stop here; 2 are placed again elsewhere.",
                "Where to: manager +1  worker-2 +1",
                "web 6/6 -> 4/6 while it moves",
                "y: drain"
            )
            try terminal.type("y")
            try await terminal.tell("draining", "drain worker-1 2 left", "tasks 4/6")
            try await terminal.waitFor("worker-1 ready   0 tasks", "tasks 6/6")
            try await terminal.waitForEnd(of: " left")
            try terminal.type("D")
            try await terminal.waitFor("Activate worker-1", "none is moved")
            try terminal.type("y")
            try await terminal.waitFor("Done: worker-1 is active now")
            try terminal.type("u")
            try await terminal.waitFor("Drain worker-1", "No task runs here.")
            try terminal.type("y")
            try await terminal.waitFor("Done: worker-1 is drain now")
            #expect(try await client.node(named: "worker-1").spec.availability == .drain)
        }
    }

    @Test func `an operator rolls a bad update back`() async throws {
        let api = Self.service("api", replicas: 3) {
            $0.task.container.command = ["sleep", "1000"]
            $0.task.restart.condition = .none
            $0.update.parallelism = 1
            $0.update.failureAction = .pause
            $0.rollback.monitor.seconds = 1
        }
        try await Self.run(executor: "process", workers: 0, [api]) { swarm, client, terminal in
            try await terminal.waitFor("3/3")
            let update = try swarm.command(
                "swarmd",
                ["service", "update", "--detach", "--entrypoint", "/usr/bin/apid", "--args", "--fast", "api"]
            )
            #expect(update.status == 0, "\(update.err)")
            try await terminal.tell(
                "update-paused",
                "2/3",
                "R2 F1",
                "PAUSED",
                "/usr/bin/apid\": No such",
                "update api 0/3  stuck"
            )
            try terminal.type("B")
            try await terminal.tell(
                "roll-back",
                "Roll back api",
                "command   /usr/bin/apid --fast -> sleep 1000",
                "y: roll back"
            )
            try terminal.type("y")
            try await terminal.waitFor("3/3", "Done: api goes back to its spec before")
            let back = try await Self.service(named: "api", client)
            #expect(back.spec.task.container.command == ["sleep", "1000"])
            try await terminal.waitFor("rolled back")
        }
    }

    @Test func `an operator scales several services at once, and takes that back`() async throws {
        try await Self.run([Self.service("api", replicas: 2), Self.service("web", replicas: 2)]) {
            _,
            client,
            terminal in
            try await terminal.waitFor("tasks 4/4")
            try terminal.type("Space", "Down", "Space", "S")
            try await terminal.waitFor("Scale 2 services")
            try terminal.type("6")
            try await terminal.tell("several", "replicas of each: [ 6", "Room: 8 more fit", "y: scale")
            try terminal.type("y")
            try await terminal.waitFor("tasks 12/12")
            try terminal.type("u")
            try await terminal.waitFor("y: as before")
            try terminal.type("y")
            try await terminal.waitFor("tasks 4/4")
            for name in ["api", "web"] {
                #expect(try await Self.service(named: name, client).spec.replicated.replicas == 2)
            }
        }
    }
}
