import ContainerRuntime
import Execution
import Glibc
import LinuxSystem
import Logging
import SwarmAPI
import SwiftProtobuf

/// A node's state directory for one test, with tasks whose every trace is removed at the end.
struct Workbench: Sendable {
    let directory: String

    init() throws {
        var template = Array("/tmp/swarmd-runtime-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError.last("mkdtemp") }
        self.directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Runs `body` with a workbench, and removes all that it left.
    static func use(_ body: (Workbench) async throws -> Void) async throws {
        let bench = try Workbench()
        do { try await body(bench) } catch {
            try await bench.clear()
            throw error
        }
        try await bench.clear()
    }

    private func clear() async throws {
        try await self.executor().removeLeftovers(except: [])
        try Files.removeTree(self.directory)
    }

    /// A new executor over the same directory: what a restarted daemon has.
    func executor() -> ProcessExecutor {
        var settings = ExecutorSettings(
            stateDirectory: self.directory,
            hostname: "bench",
            engineVersion: "0.0-test"
        )
        settings.supervisor = [Self.fixture]
        return ProcessExecutor(settings, log: Logger(label: "bench"))
    }

    func controller(_ task: SwarmTask) async throws -> any Controller {
        try await self.executor().controller(for: task)
    }

    /// Prepares and starts `task` under a fresh controller.
    func start(_ task: SwarmTask) async throws -> any Controller {
        let controller = try await self.controller(task)
        try await controller.prepare()
        try await controller.start()
        return controller
    }

    func folder(_ task: SwarmTask) -> String { "\(self.directory)/worker/tasks/\(task.id)" }

    /// The program beside the tests that holds a task.
    private static var fixture: String {
        let own = (try? readLink("/proc/self/exe")) ?? ""
        return own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/task-supervisor-fixture"
    }
}

private func readLink(_ path: String) throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &buffer, buffer.count)
    if count < 0 { throw SystemError.last("readlink", path) }
    return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// A task that runs `script` in a shell.
func shellTask(_ script: String, change: (inout SwarmContainerSpec) -> Void = { _ in }) -> SwarmTask {
    var generator = SystemRandomNumberGenerator()
    return .with {
        $0.id = "t\(generator.next())"
        $0.spec.container = .with {
            $0.image = "host"
            $0.command = ["/bin/sh", "-c"]
            $0.args = [script]
            change(&$0)
        }
    }
}

/// How the wait for a task ended; nil after success.
func end(_ controller: any Controller) async throws -> ExitError? {
    do {
        try await controller.wait()
        return nil
    } catch let error as ExitError {
        return error
    }
}

/// The task's output so far, or to its end with `follow`.
func output(
    _ controller: any Controller,
    _ change: (inout SwarmLogSubscriptionOptions) -> Void = { _ in }
)
    async throws -> [LogChunk]
{
    var chunks: [LogChunk] = []
    for try await chunk in try await controller.logs(.with(change)) { chunks.append(chunk) }
    return chunks
}

func text(_ chunks: [LogChunk]) -> String { String(decoding: chunks.flatMap(\.data), as: UTF8.self) }

/// Waits for a state of the machine; false when it is not reached within `limit`.
func eventually(
    within limit: Duration = .seconds(10),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        if ContinuousClock.now > deadline { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}
