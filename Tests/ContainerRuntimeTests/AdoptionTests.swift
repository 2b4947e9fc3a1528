import Execution
import Glibc
import LinuxSystem
import NodePlan
import SwarmAPI
import Testing

@testable import ContainerRuntime

@Suite struct AdoptionTests {
    @Test func `a new executor adopts a running task and learns its true exit code`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("read x < \"$FIFO\"; exit 42")
            let fifo = "\(bench.directory)/go"
            #expect(mkfifo(fifo, 0o600) == 0)
            var withFifo = task
            withFifo.spec.container.env = ["FIFO=\(fifo)"]
            let first = try await bench.start(withFifo)
            let pid = await first.containerStatus()?.pid
            let second = try await bench.controller(withFifo)
            try await second.prepare()
            await #expect(throws: ControllerError.started) { try await second.start() }
            #expect(await second.containerStatus()?.pid == pid)
            let gate = try Descriptor.open(fifo, O_RDWR)
            try gate.write(Array("go\n".utf8))
            #expect(try await end(second) == ExitError(code: 42))
            // Open until here: a shell that opens the pipe late still finds what was written.
            #expect(gate.raw >= 0)
        }
    }

    @Test func `a task that ended while nobody watched is reported with its true exit code`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("exit 9")
            _ = try await bench.start(task)
            #expect(try await eventually { try TaskFolder(path: bench.folder(task)).readExit() != nil })
            let controller = try await bench.controller(task)
            await #expect(throws: ControllerError.started) { try await controller.start() }
            #expect(try await end(controller) == ExitError(code: 9))
        }
    }

    @Test func `a task runs once however many start it at once`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("echo ran; sleep 1000")
            let controllers = [try await bench.controller(task), try await bench.controller(task)]
            for controller in controllers { try await controller.prepare() }
            let started = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<8 {
                    let controller = controllers[index % 2]
                    group.addTask {
                        do { try await controller.start() } catch ControllerError.started { return false }
                        return true
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(started == 1)
            #expect(try await eventually { try await text(output(controllers[0])) == "ran\n" })
            try await controllers[0].terminate()
            #expect(text(try await output(controllers[1])) == "ran\n")
        }
    }

    @Test func `a task whose supervisor is killed dies with it and says so`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("trap '' TERM HUP; sleep 1000 & wait")
            let controller = try await bench.start(task)
            let folder = TaskFolder(path: bench.folder(task))
            guard case .running(let record) = try folder.state() else {
                Issue.record("the task does not run: \(try folder.state())")
                return
            }
            #expect(try record.supervisor?.signal(SIGKILL) == true)
            #expect(try await end(controller) == ExitError(code: 137, cause: "its supervisor was killed"))
            #expect(record.task?.isAlive == false)
            #expect(try Limits.groups(of: task).isEmpty)
            await #expect(throws: ControllerError.started) { try await controller.start() }
        }
    }

    @Test func `SIGTERM does not move a supervisor`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("sleep 1000")
            let controller = try await bench.start(task)
            let folder = TaskFolder(path: bench.folder(task))
            let record = try #require(try folder.readClaim())
            for signal in [SIGTERM, SIGHUP, SIGINT] { try record.supervisor?.signal(signal) }
            try await controller.terminate()
            #expect(try await end(controller) == ExitError(code: 137, cause: "killed by SIGKILL"))
        }
    }

    @Test func `a supervisor is the leader of its own session`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("sleep 1000")
            let controller = try await bench.start(task)
            let record = try #require(try TaskFolder(path: bench.folder(task)).readClaim())
            let supervisor = try #require(record.supervisor)
            let process = try #require(record.task)
            #expect(ProcessTable.stat(supervisor.pid)?.session == supervisor.pid)
            #expect(ProcessTable.stat(process.pid)?.session == process.pid)
            try await controller.terminate()
        }
    }

    @Test func `leftovers of unknown tasks go and known tasks stay`() async throws {
        try await Workbench.use { bench in
            let known = shellTask("sleep 1000")
            let unknown = shellTask("sleep 1000")
            let controller = try await bench.start(known)
            let forgotten = try await bench.start(unknown)
            let pid = try #require(await forgotten.containerStatus()?.pid)
            try Files.makeDirectory("\(bench.directory)/worker/tasks/.removed-old")
            try await bench.executor().removeLeftovers(except: [known.id])
            #expect(ProcessTable.stat(pid).map { $0.state == "Z" } ?? true)
            #expect(try Files.names(in: "\(bench.directory)/worker/tasks") == [known.id])
            let reference = try TaskFolder(path: bench.folder(known)).readClaim()?.task
            #expect(reference?.isAlive == true)
            try await controller.terminate()
        }
    }

    @Test func `a plan of a later release is refused and nothing is started`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("echo ran")
            let controller = try await bench.controller(task)
            try await controller.prepare()
            let path = "\(bench.folder(task))/plan"
            try DurableFile.write([], to: path, kind: "swarmd-task-plan", version: LaunchPlan.version + 1)
            await #expect(throws: ExitError.self) { try await controller.start() }
            #expect(try await output(controller).isEmpty)
        }
    }

    @Test func `cancelling a wait leaves the task alone`() async throws {
        try await Workbench.use { bench in
            let task = shellTask("sleep 1000")
            let controller = try await bench.start(task)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await controller.wait() }
                group.cancelAll()
            }
            #expect(try TaskFolder(path: bench.folder(task)).readClaim()?.task?.isAlive == true)
            try await controller.terminate()
        }
    }
}
