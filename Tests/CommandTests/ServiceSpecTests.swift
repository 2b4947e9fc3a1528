import ArgumentParser
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

struct ServiceSpecTests {
    private func created(_ arguments: String...) throws -> SwarmServiceSpec {
        let command = try #require(
            SwarmdCommand.parseAsRoot(["service", "create"] + arguments) as? ServiceCreate
        )
        return try command.spec()
    }

    private func updated(_ spec: SwarmServiceSpec, _ arguments: String...) throws -> SwarmServiceSpec {
        let command = try #require(
            SwarmdCommand.parseAsRoot(["service", "update"] + arguments + ["web"]) as? ServiceUpdate
        )
        var spec = spec
        try command.apply(to: &spec)
        return spec
    }

    @Test func `the least that creates a service`() throws {
        #expect(
            try self.created("--name", "web", "host")
                == .with {
                    $0.annotations.name = "web"
                    $0.task.container.image = "host"
                    $0.replicated.replicas = 1
                }
        )
    }

    @Test func `what follows the image goes to the command untouched`() throws {
        let spec = try self.created(
            "--name",
            "web",
            "host",
            "sh",
            "-c",
            "exit 3",
            "--name",
            "x",
            "-d",
            "--",
            "-h"
        )
        #expect(spec.annotations.name == "web")
        #expect(spec.task.container.args == ["sh", "-c", "exit 3", "--name", "x", "-d", "--", "-h"])
    }

    @Test func `an unknown flag before the image is named`() {
        #expect(throws: CommandError("unknown flag --nmae (see `swarmd service create --help`)")) {
            try self.created("--nmae", "web", "host")
        }
        #expect(throws: CommandError("the image is missing (see `swarmd service create --help`)")) {
            try self.created("--name", "a")
        }
    }

    @Test func `every container flag lands in its field`() throws {
        let spec = try self.created(
            "-e",
            "A=1",
            "--env",
            "B=-2",
            "-u",
            "0:0",
            "-w",
            "/tmp",
            "--hostname",
            "h",
            "--entrypoint",
            "sh -c",
            "--stop-grace-period",
            "3s",
            "--stop-signal",
            "SIGINT",
            "--container-label",
            "c=d",
            "--limit-pids",
            "7",
            "--mount",
            "type=bind,source=/a,target=/b",
            "host"
        )
        #expect(
            spec.task.container
                == .with {
                    $0.image = "host"
                    $0.env = ["A=1", "B=-2"]
                    $0.user = "0:0"
                    $0.dir = "/tmp"
                    $0.hostname = "h"
                    $0.command = ["sh", "-c"]
                    $0.stopGracePeriod = .with { $0.seconds = 3 }
                    $0.stopSignal = "SIGINT"
                    $0.labels = ["c": "d"]
                    $0.pidsLimit = 7
                    $0.mounts = [
                        .with {
                            $0.type = .bind
                            $0.source = "/a"
                            $0.target = "/b"
                        }
                    ]
                }
        )
    }

    @Test func `every other flag lands in its field`() throws {
        let spec = try self.created(
            "--replicas",
            "3",
            "-l",
            "a=b",
            "--constraint",
            "node.role==worker",
            "--placement-pref",
            "spread=node.labels.rack",
            "--limit-cpu",
            "0.5",
            "--limit-memory",
            "64m",
            "--reserve-cpu",
            "0.1",
            "--reserve-memory",
            "8m",
            "--restart-condition",
            "on-failure",
            "--restart-delay",
            "500ms",
            "--restart-max-attempts",
            "4",
            "--restart-window",
            "1m",
            "--update-parallelism",
            "0",
            "--update-delay",
            "2s",
            "--update-order",
            "start-first",
            "--update-failure-action",
            "rollback",
            "--update-monitor",
            "1s",
            "--update-max-failure-ratio",
            "0.25",
            "-p",
            "8080:80",
            "--log-driver",
            "json-file",
            "--log-opt",
            "max-size=1m",
            "--replicas-max-per-node",
            "2",
            "host"
        )
        var expected = SwarmServiceSpec()
        expected.annotations.labels = ["a": "b"]
        expected.replicated.replicas = 3
        expected.task.container.image = "host"
        expected.task.placement.constraints = ["node.role==worker"]
        expected.task.placement.preferences = [.with { $0.spread.spreadDescriptor = "node.labels.rack" }]
        expected.task.placement.maxReplicas = 2
        expected.task.resources.limits.nanoCpus = 500_000_000
        expected.task.resources.limits.memoryBytes = 64 << 20
        expected.task.resources.reservations.nanoCpus = 100_000_000
        expected.task.resources.reservations.memoryBytes = 8 << 20
        expected.task.restart.condition = .onFailure
        expected.task.restart.delay.nanos = 500_000_000
        expected.task.restart.maxAttempts = 4
        expected.task.restart.window.seconds = 60
        expected.update.parallelism = 0
        expected.update.delay.seconds = 2
        expected.update.order = .startFirst
        expected.update.failureAction = .rollback
        expected.update.monitor.seconds = 1
        expected.update.maxFailureRatio = 0.25
        expected.endpoint.ports = [
            .with {
                $0.targetPort = 80
                $0.publishedPort = 8080
            }
        ]
        expected.task.logDriver.name = "json-file"
        expected.task.logDriver.options = ["max-size": "1m"]
        #expect(spec == expected)
    }

    @Test func `modes take the flags that fit them`() throws {
        #expect(try self.created("--mode", "global", "host").mode == .global(.init()))
        let job = try self.created(
            "--mode",
            "replicated-job",
            "--replicas",
            "10",
            "--max-concurrent",
            "2",
            "host"
        )
        #expect(job.replicatedJob.totalCompletions == 10)
        #expect(job.replicatedJob.maxConcurrent == 2)
        #expect(throws: CommandError("--replicas cannot be used with --mode global")) {
            try self.created("--mode", "global", "--replicas", "2", "host")
        }
        #expect(throws: CommandError.self) { try self.created("--mode", "each", "host") }
    }

    @Test func `one restart flag alone keeps the manager's defaults for the others`() throws {
        let spec = try self.created("--restart-max-attempts", "3", "host")
        #expect(spec.task.restart.condition == .any)
        #expect(spec.task.restart.delay.seconds == 5)
    }

    /// A spec with something in every part.
    private var full: SwarmServiceSpec {
        get throws {
            try self.created(
                "--name",
                "web",
                "--replicas",
                "3",
                "-e",
                "A=1",
                "-e",
                "B=2",
                "-l",
                "x=1",
                "-l",
                "y=2",
                "--container-label",
                "c=1",
                "--constraint",
                "node.role==worker",
                "-p",
                "8080:80",
                "-p",
                "53:53/udp",
                "--mount",
                "type=bind,source=/a,target=/b",
                "--limit-memory",
                "64m",
                "--reserve-cpu",
                "1",
                "--restart-condition",
                "none",
                "--update-delay",
                "2s",
                "host",
                "sleep",
                "10"
            )
        }
    }

    @Test func `an update without flags changes nothing`() throws {
        #expect(try self.updated(self.full) == self.full)
    }

    /// Flags of an update, and what they change.
    struct Change: Sendable {
        let flags: [String]
        let apply: @Sendable (inout SwarmServiceSpec) -> Void

        init(_ flags: [String], _ apply: @escaping @Sendable (inout SwarmServiceSpec) -> Void) {
            self.flags = flags
            self.apply = apply
        }
    }

    static let changes: [Change] = [
        Change(["--image", "other"]) { $0.task.container.image = "other" },
        Change(["--args", "sleep 20"]) { $0.task.container.args = ["sleep", "20"] },
        Change(["--replicas", "0"]) { $0.replicated.replicas = 0 },
        Change(["--force"]) { $0.task.forceUpdate = 1 },
        Change(["--env-add", "A=9", "--env-rm", "B", "--env-add", "C"]) {
            $0.task.container.env = ["A=9", "C"]
        },
        Change(["--label-add", "z=3", "--label-rm", "x"]) { $0.annotations.labels = ["y": "2", "z": "3"] },
        Change(["--container-label-rm", "c"]) { $0.task.container.labels = [:] },
        Change(["--constraint-rm", "node.role==worker", "--constraint-add", "a==b"]) {
            $0.task.placement.constraints = ["a==b"]
        },
        Change(["--publish-rm", "53/udp"]) { $0.endpoint.ports.removeLast() },
        Change(["--mount-rm", "/b"]) { $0.task.container.mounts = [] },
        Change(["--mount-add", "type=bind,source=/z,target=/b"]) {
            $0.task.container.mounts[0].source = "/z"
        },
        Change(["--limit-cpu", "2"]) { $0.task.resources.limits.nanoCpus = 2_000_000_000 },
        Change(["--restart-delay", "1s"]) { $0.task.restart.delay = .with { $0.seconds = 1 } },
        Change(["--update-parallelism", "4"]) { $0.update.parallelism = 4 },
        Change(["-u", "nobody"]) { $0.task.container.user = "nobody" },
    ]

    @Test(arguments: Self.changes)
    func `an update changes what its flags name and nothing else`(
        change: Change
    ) throws {
        let command = try #require(
            SwarmdCommand.parseAsRoot(["service", "update"] + change.flags + ["web"]) as? ServiceUpdate
        )
        var spec = try self.full
        var expected = spec
        try command.apply(to: &spec)
        change.apply(&expected)
        #expect(spec == expected)
    }

    @Test func `a global service cannot be scaled`() throws {
        let global = try self.created("--mode", "global", "host")
        #expect(throws: CommandError("scale can only be used with replicated or replicated-job mode")) {
            try self.updated(global, "--replicas", "2")
        }
    }

    @Test func `targets of scale are read`() throws {
        #expect(try Scaling.target("web=3") == .init(service: "web", replicas: 3))
        for text in ["web", "=3", "web=", "web=-1", "web=x"] {
            #expect(throws: CommandError.self) { try Scaling.target(text) }
        }
    }

    @Test func `the wire's tail is not docker's`() throws {
        #expect(try ServiceLogs.wireTail("all") == 0)
        #expect(try ServiceLogs.wireTail("0") == -1)
        #expect(try ServiceLogs.wireTail("10") == -11)
        #expect(throws: CommandError.self) { try ServiceLogs.wireTail("-1") }
    }
}
