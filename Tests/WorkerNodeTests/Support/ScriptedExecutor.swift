import Execution
import Primitives
import SwarmAPI
import SwiftProtobuf
import Synchronization

/// An executor in memory, that outlives the agents that use it as real tasks do.
final class ScriptedExecutor: Executor {
    struct Running: Sendable {
        var starts = 0
        var isPrepared = false
        var isRemoved = false
        var exit: Int32?
    }

    struct Contents: Sendable {
        var tasks: [String: Running] = [:]
        var configured: [SwarmNode] = []
        var leftoversExcept: [Set<String>] = []
        var hostname = "scripted"
        var prepareFailure: ControllerError?
        var waiters: [String: [AsyncStream<Void>.Continuation]] = [:]
        var output: [LogChunk] = []
        /// The tasks as the executor got them, and the files that they were given.
        var seen: [String: SwarmTask] = [:]
        var files: [String: TaskFiles] = [:]
    }

    private let contents = Mutex(Contents())

    func read<Result: Sendable>(_ body: (Contents) -> Result) -> Result {
        self.contents.withLock { body($0) }
    }
    func change<Result: Sendable>(_ body: (inout Contents) -> Result) -> Result {
        self.contents.withLock { body(&$0) }
    }

    /// Ends a task with this exit code.
    func end(_ task: String, code: Int32) {
        self.change { contents in
            contents.tasks[task, default: Running()].exit = code
            for waiter in contents.waiters.removeValue(forKey: task) ?? [] { waiter.finish() }
        }
    }

    func starts(of task: String) -> Int { self.read { $0.tasks[task]?.starts ?? 0 } }

    func describe() async throws -> SwarmNodeDescription {
        let hostname = self.read(\.hostname)
        return .with { $0.hostname = hostname }
    }
    func configure(_ node: SwarmNode) async throws { self.change { $0.configured.append(node) } }
    func controller(for task: SwarmTask) async throws -> any Controller {
        ScriptedController(id: task.id, executor: self)
    }
    func controller(for task: SwarmTask, files: @escaping TaskFiles.Source) async throws -> any Controller {
        self.change { $0.seen[task.id] = task }
        return ScriptedController(id: task.id, executor: self, files: files)
    }
    func removeLeftovers(except known: Set<String>) async throws {
        self.change { $0.leftoversExcept.append(known) }
    }

    fileprivate func end(of task: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        self.change { contents in
            if contents.tasks[task]?.exit != nil {
                continuation.finish()
            } else {
                contents.waiters[task, default: []].append(continuation)
            }
        }
        return stream
    }
}

/// The controller of one task of a `ScriptedExecutor`.
struct ScriptedController: Controller {
    let id: String
    let executor: ScriptedExecutor
    var files: TaskFiles.Source = { TaskFiles() }

    func update(_ task: SwarmTask) async throws {}
    func prepare() async throws {
        let files = try await self.files()
        let failure = self.executor.change { contents in
            contents.files[self.id] = files
            contents.tasks[self.id, default: .init()].isPrepared = true
            return contents.prepareFailure
        }
        if let failure { throw failure }
    }
    func start() async throws {
        let isFirst = self.executor.change { contents in
            defer { contents.tasks[self.id, default: .init()].starts = 1 }
            return (contents.tasks[self.id]?.starts ?? 0) == 0
        }
        if !isFirst { throw ControllerError.started }
    }
    func wait() async throws {
        for await _ in self.executor.end(of: self.id) {}
        try Task.checkCancellation()
        let code = self.executor.read { $0.tasks[self.id]?.exit } ?? -1
        if code != 0 { throw ExitError(code: code) }
    }
    func shutdown() async throws { self.executor.end(self.id, code: 143) }
    func terminate() async throws { self.executor.end(self.id, code: 137) }
    func remove() async throws {
        self.executor.change { $0.tasks[self.id, default: .init()].isRemoved = true }
    }
    func containerStatus() async -> SwarmContainerStatus? {
        let exit = self.executor.read { $0.tasks[self.id]?.exit }
        return .with {
            $0.pid = 42
            $0.exitCode = exit ?? 0
        }
    }
    func logs(_ options: SwarmLogSubscriptionOptions) async throws -> AsyncThrowingStream<LogChunk, any Error>
    {
        let chunks = self.executor.read(\.output)
        return AsyncThrowingStream(bufferingPolicy: .bufferingOldest(chunks.count + 1)) { continuation in
            for chunk in chunks { continuation.yield(chunk) }
            if !options.follow { continuation.finish() }
        }
    }
}
