import ContainerRuntime
import Execution
import Glibc
import LinuxSystem
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct ProcessControllerTests {
    @Test func `a task that succeeds ends without an error`() async throws {
        try await Workbench.use { bench in
            let controller = try await bench.start(shellTask("exit 0"))
            #expect(try await end(controller) == nil)
        }
    }

    @Test(arguments: [
        ("exit 3", ExitError(code: 3)),
        ("kill -TERM $$", ExitError(code: 143, cause: "killed by SIGTERM")),
        ("kill -KILL $$", ExitError(code: 137, cause: "killed by SIGKILL")),
        ("exit 137", ExitError(code: 137)),
    ])
    func `the exit code and the signal are the process's own`(
        script: String,
        expected: ExitError
    ) async throws {
        try await Workbench.use { bench in
            let controller = try await bench.start(shellTask(script))
            #expect(try await end(controller) == expected)
            #expect(await controller.containerStatus()?.exitCode == expected.code)
        }
    }

    @Test func `the process has the spec's environment, directory and user`() async throws {
        try await Workbench.use { bench in
            let script = "echo $A; echo ${B-gone}; echo $HOME; echo $HOSTNAME; pwd; id -u; id -g; id -G"
            let task = shellTask(script) {
                $0.env = ["A=1", "B=2", "A=a b", "B"]
                $0.dir = "/usr"
                $0.user = "nobody:12345"
                $0.groups = ["daemon"]
            }
            let controller = try await bench.start(task)
            #expect(try await end(controller) == nil)
            let nobody = try #require(UserDatabase.user("nobody"))
            let daemon = try #require(UserDatabase.group("daemon"))
            let groups = "12345 \(daemon)"
            #expect(
                text(try await output(controller))
                    == "a b\ngone\n\(nobody.home)\nbench\n/usr\n\(nobody.uid)\n12345\n\(groups)\n"
            )
        }
    }

    @Test func `a process that obeys its stop signal ends before the grace period`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("trap 'exit 7' USR1; echo ready; while :; do sleep 0.05; done") {
                $0.stopSignal = "SIGUSR1"
                $0.stopGracePeriod = .with { $0.seconds = 60 }
            }
            let controller = try await bench.start(task)
            #expect(try await eventually { try await !output(controller).isEmpty })
            let begin = ContinuousClock.now
            try await controller.shutdown()
            #expect(ContinuousClock.now - begin < .seconds(30))
            #expect(try await end(controller) == ExitError(code: 7))
        }
    }

    @Test func `a process that ignores its stop signal is killed after the grace period with all it started`()
        async throws
    {
        try await Workbench.use { bench in
            let task = shellTask(
                "trap '' TERM; (trap '' TERM; exec sleep 1000) & echo $!; while :; do wait; done"
            ) {
                $0.stopGracePeriod = .with { $0.seconds = 1 }
            }
            let controller = try await bench.start(task)
            #expect(try await eventually { try await !output(controller).isEmpty })
            let begin = ContinuousClock.now
            try await controller.shutdown()
            #expect(ContinuousClock.now - begin >= .seconds(1))
            #expect(try await end(controller) == ExitError(code: 137, cause: "killed by SIGKILL"))
            let child = try #require(Int32(text(try await output(controller)).dropLast()))
            #expect(ProcessTable.stat(child).map { $0.state == "Z" } ?? true)
        }
    }

    @Test func `terminating does not wait for the grace period`() async throws {
        try await Workbench.use { bench in
            let controller = try await bench.start(shellTask("trap '' TERM; while :; do sleep 1; done"))
            let begin = ContinuousClock.now
            try await controller.terminate()
            #expect(ContinuousClock.now - begin < .seconds(5))
            #expect(try await end(controller)?.code == 137)
        }
    }

    @Test func `a program that is not there is reported with its name and docker's code`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("") { $0.command = ["no-such-program"] }
            let controller = try await bench.controller(task)
            try await controller.prepare()
            let expected = ExitError(
                code: 127,
                cause: "exec \"no-such-program\": executable file not found in PATH"
            )
            await #expect(throws: expected) { try await controller.start() }
            await #expect(throws: ControllerError.started) { try await controller.start() }
            await #expect(throws: expected) { try await controller.wait() }
        }
    }

    @Test func `a task that cannot run here is rejected with the field's name`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("true") { $0.user = "nobody-of-that-name" }
            let controller = try await bench.controller(task)
            let reason = "container.user: this node has no user \"nobody-of-that-name\""
            await #expect(throws: ControllerError.rejected(reason)) { try await controller.prepare() }
            await #expect(throws: ControllerError.self) {
                _ = try await bench.controller(.with { $0.id = "../escape" })
            }
        }
    }

    @Test func `a task that was told to stop before it started is never started`() async throws {
        try await Workbench.use { bench in
            let controller = try await bench.controller(shellTask("echo ran"))
            try await controller.prepare()
            try await controller.shutdown()
            await #expect(throws: ControllerError.started) { try await controller.start() }
            #expect(try await output(controller).isEmpty)
            #expect(await controller.containerStatus() == nil)
        }
    }

    @Test func `nothing is left after the removal of a running task`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("sleep 1000 & sleep 1000") { $0.pidsLimit = Limits.areAvailable ? 20 : 0 }
            let controller = try await bench.start(task)
            let pid = try #require(await controller.containerStatus()?.pid)
            try await controller.remove()
            #expect(!Files.exists(bench.folder(task)))
            #expect(try Limits.groups(of: task).isEmpty)
            #expect(try await eventually { ProcessTable.stat(pid) == nil })
            let own = getpid()
            #expect(
                try await eventually {
                    try !ProcessTable.all().contains { $0.parent == own && $0.state == "Z" }
                }
            )
            try await controller.remove()
        }
    }
}

/// What the machine that runs the tests can limit.
enum Limits {
    static let areAvailable: Bool = {
        guard geteuid() == 0, let mounts = try? CgroupMounts.detect() else { return false }
        return ["memory", "pids", "cpu"].allSatisfy { mounts.controllers[$0]?.isUnified == false }
            || mounts.unified.map { root in
                ["memory", "pids", "cpu"].allSatisfy { mounts.controllers[$0] != nil }
                    && (try? Files.writeText("+memory +pids +cpu", to: "\(root)/cgroup.subtree_control"))
                        != nil
            } ?? false
    }()

    /// The control groups of a task that are there.
    static func groups(of task: SwarmTask) throws -> [String] {
        let mounts = try CgroupMounts.detect()
        let roots = Set(mounts.controllers.values.map(\.path) + [mounts.unified].compactMap { $0 })
        return roots.sorted().map { "\($0)/swarmd/\(task.id)" }.filter(Files.exists)
    }
}
