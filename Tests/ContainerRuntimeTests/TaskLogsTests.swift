import Execution
import LinuxSystem
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct TaskLogsTests {
    @Test func `output is marked with its stream and its time`() async throws {
        try await Workbench.use { bench in
            let before = Machine.now()
            let controller = try await bench.start(shellTask("echo out; echo err >&2"))
            #expect(try await end(controller) == nil)
            let chunks = try await output(controller)
            #expect(text(chunks.filter { $0.stream == .stdout }) == "out\n")
            #expect(text(chunks.filter { $0.stream == .stderr }) == "err\n")
            #expect(chunks.allSatisfy { (before...Machine.now()).contains(Timestamp($0.at).nanoseconds) })
            #expect(text(try await output(controller) { $0.streams = [.stderr] }) == "err\n")
        }
    }

    @Test(arguments: [
        (Int64(0), "1\n2\n3\n4\n5\n"), (2, "3\n4\n5\n"), (9, ""), (-1, ""), (-3, "4\n5\n"),
        (-99, "1\n2\n3\n4\n5\n"),
    ])
    func `tail has SwarmKit's meaning`(tail: Int64, expected: String) async throws {
        try await Workbench.use { bench in
            let controller = try await bench.start(shellTask("for i in 1 2 3 4 5; do echo $i; done"))
            #expect(try await end(controller) == nil)
            #expect(text(try await output(controller) { $0.tail = tail }) == expected)
        }
    }

    @Test func `since leaves out what is older`() async throws {
        try await Workbench.use { bench in
            let controller = try await bench.start(shellTask("echo old"))
            #expect(try await end(controller) == nil)
            let now = Timestamp(nanoseconds: Machine.now()).protobuf
            #expect(try await output(controller) { $0.since = now }.isEmpty)
        }
    }

    @Test func `a follower sees what comes and ends with the task`() async throws {
        try await Workbench.use { bench in
            let controller = try await bench.start(shellTask("echo one; sleep 0.3; printf two"))
            #expect(text(try await output(controller) { $0.follow = true }) == "one\ntwo")
        }
    }

    @Test func `a line longer than a record comes back whole`() async throws {
        try await Workbench.use { bench in
            let controller = try await bench.start(
                shellTask("i=0; while [ $i -lt 2000 ]; do printf 0123456789abcdef; i=$((i+1)); done; echo")
            )
            #expect(try await end(controller) == nil)
            let chunks = try await output(controller)
            #expect(chunks.map(\.data.count) == [32_001])
        }
    }

    @Test func `old output is dropped when the files are full`() async throws {
        try await Workbench.use { bench in
            var task = shellTask("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done")
            task.spec.logDriver = .with { $0.options = ["max-size": "4k", "max-file": "2"] }
            let controller = try await bench.start(task)
            #expect(try await end(controller) == nil)
            let files = try Files.names(in: bench.folder(task)).filter { $0.hasPrefix("output.") }
            #expect(files.count == 2)
            for file in files { #expect(try Files.read("\(bench.folder(task))/\(file)").count <= 4096) }
            let lines = text(try await output(controller)).split(separator: "\n")
            #expect(lines.count > 80)
            #expect(lines.last == "line 499")
            #expect(lines.first != "line 0")
        }
    }

    @Test func `no output is kept where the spec wants none`() async throws {
        try await Workbench.use { bench in
            var task = shellTask("echo secret")
            task.spec.logDriver = .with { $0.name = "none" }
            let controller = try await bench.start(task)
            #expect(try await end(controller) == nil)
            #expect(try await output(controller).isEmpty)
        }
    }
}
