import ContainerRuntime
import Execution
import LinuxSystem
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite(.enabled(if: Limits.areAvailable, "needs root and writable control groups")) struct TaskLimitsTests {
    @Test func `a task over its memory limit is told apart from one that exits with 137`() async throws {
        try await Workbench.use { bench in
            // The shell's own string grows until the kernel steps in.
            var task = shellTask("a=x; while :; do a=$a$a; done")
            task.spec.resources.limits.memoryBytes = 16 << 20
            let controller = try await bench.start(task)
            #expect(try await end(controller) == ExitError(code: 137, cause: "out of memory"))
            var other = shellTask("exit 137")
            other.spec.resources.limits.memoryBytes = 16 << 20
            #expect(try await end(bench.start(other)) == ExitError(code: 137))
        }
    }

    @Test func `a task cannot have more processes than its limit`() async throws {
        try await Workbench.use { bench in
            let script = "for i in 1 2 3 4 5 6 7 8 9; do sleep 100 & done; exit 0"
            let task = shellTask(script) { $0.pidsLimit = 5 }
            let controller = try await bench.start(task)
            #expect(try await end(controller) != nil)
            #expect(text(try await output(controller) { $0.streams = [.stderr] }).contains("fork"))
        }
    }

    @Test func `a processor limit reaches the task's group`() async throws {
        try await Workbench.use { bench in
            var task = shellTask("sleep 1000")
            task.spec.resources.limits.nanoCpus = 250_000_000
            let controller = try await bench.start(task)
            let values = try Limits.groups(of: task).flatMap { group in
                ["cpu.cfs_quota_us", "cpu.max"].map { "\(group)/\($0)" }.filter(Files.exists)
            }
            .map { try Files.readText($0) }
            #expect(values == ["25000\n"] || values == ["25000 100000\n"])
            try await controller.terminate()
        }
    }

    @Test func `no control group is left when the task ended`() async throws {
        try await Workbench.use { bench in
            var task = shellTask("sleep 100 & exit 0") { $0.pidsLimit = 10 }
            task.spec.resources.limits.memoryBytes = 64 << 20
            task.spec.resources.limits.nanoCpus = 1_000_000_000
            let controller = try await bench.start(task)
            #expect(try await end(controller) == nil)
            #expect(try await eventually { try Limits.groups(of: task).isEmpty })
        }
    }
}
