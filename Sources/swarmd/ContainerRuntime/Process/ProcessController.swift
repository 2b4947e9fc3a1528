package import Execution
import Glibc
import LinuxSystem
import NodePlan
import Primitives
package import SwarmAPI
import SwiftProtobuf

/// Leads one task that is a process of this machine.
package struct ProcessController: Controller {
    private let task: SwarmTask
    private let settings: ExecutorSettings
    private let process: TaskProcess
    private let files: TaskFiles.Source

    init(task: SwarmTask, settings: ExecutorSettings, folder: TaskFolder, files: @escaping TaskFiles.Source) {
        self.task = task
        self.settings = settings
        self.process = TaskProcess(folder: folder)
        self.files = files
    }

    package func update(_ task: SwarmTask) async throws {}

    package func prepare() async throws {
        let (task, hostname, folder) = (self.task, self.settings.hostname, self.process.folder)
        do {
            let store = try self.store()
            let place = store?.folder(of: task.id) ?? ""
            let plan = try ProcessPlan(task, hostname: hostname, files: place)
            let files = store == nil ? TaskFiles() : try await self.files()
            try await BlockingWork.run {
                // A plan that is acted upon already stays as it is.
                guard try folder.state() == .unclaimed else { return }
                let launch = try LaunchPlan.resolve(plan)
                try store?.write(files, of: task.id, for: launch.identity?.uid)
                try folder.write(launch)
            }
        } catch let error as PlanError {
            throw ControllerError.rejected("\(error)")
        }
    }

    package func start() async throws {
        guard try self.process.folder.state() == .unclaimed else {
            _ = try await self.process.settled()
            throw ControllerError.started
        }
        try await self.restoreFiles()
        switch try await self.launch() {
        case .running: return
        case .failed(let code, let cause): throw ExitError(code: code, cause: cause)
        case .taken:
            _ = try await self.process.settled()
            throw ControllerError.started
        case nil: throw ExitError(code: 125, cause: "its supervisor ended before it started the task")
        }
    }

    /// Where the task's secrets and configs go; nil where it has none.
    private func store() throws -> FileStore? {
        guard case .container(let container)? = self.task.spec.runtime, ProcessFiles.isWanted(by: container)
        else { return nil }
        return try FileStore(stateDirectory: self.settings.stateDirectory)
    }

    /// Writes the files of a task that was prepared before the machine's restart, which memory does not outlast.
    private func restoreFiles() async throws {
        guard let store = try self.store(), !store.hasFiles(of: self.task.id) else { return }
        let (files, folder, id) = (try await self.files(), self.process.folder, self.task.id)
        try await BlockingWork.run {
            try store.write(files, of: id, for: try folder.readPlan()?.identity?.uid)
        }
    }

    /// Starts a supervisor, and returns what it says; nil if it ends without a word.
    private func launch() async throws -> StartReport? {
        let command = self.settings.supervisor + [self.process.folder.path]
        let report = Descriptor(
            owning: try await BlockingWork.run {
                let pipe = try Pipe()
                try ChildReaper.adopt(try DetachedProgram.start(command, report: pipe.writing))
                let kept = dup(pipe.reading.raw)
                if kept < 0 || fcntl(kept, F_SETFD, FD_CLOEXEC) < 0 { throw SystemError.last("dup") }
                return kept
            }
        )
        try report.setNonblocking()
        var bytes: [UInt8] = []
        while true {
            guard try await Readiness.waitUntilReadable(report, timeout: TaskProcess.supervisorLimit) else {
                throw Stuck(folder: self.process.folder.path)
            }
            guard let part = try report.read(atMost: 4096) else { continue }
            if part.isEmpty { return StartReport(decoding: bytes) }
            bytes += part
        }
    }

    package func wait() async throws {
        guard let exit = try await self.process.end() else { return }
        if exit.code != 0 || exit.failure != nil { throw ExitError(code: exit.code, cause: exit.cause) }
    }

    package func shutdown() async throws {
        try await self.process.withdraw()
        guard case .running = try await self.process.settled() else { return try await self.process.kill() }
        let (signal, grace) = self.stop
        try self.process.signal(signal)
        if try await self.process.end(timeout: grace) == nil { try await self.process.kill() }
    }

    package func terminate() async throws {
        try await self.process.withdraw()
        try await self.process.kill()
    }

    package func remove() async throws {
        try await self.process.remove()
        guard let store = try? self.store() else { return }
        let id = self.task.id
        try await BlockingWork.run { try store.remove(id) }
    }

    package func containerStatus() async -> SwarmContainerStatus? {
        let folder = self.process.folder
        guard let record = try? folder.readClaim(), !record.isWithdrawn else { return nil }
        let exit = try? folder.readExit()
        return .with {
            $0.containerID = self.task.id
            $0.pid = record.task?.pid ?? 0
            $0.exitCode = exit?.code ?? 0
        }
    }

    package func logs(
        _ options: SwarmLogSubscriptionOptions
    ) async throws -> AsyncThrowingStream<LogChunk, any Error> {
        let logs = TaskLogs(self.process.folder, options)
        return AsyncThrowingStream { try await logs.next() }
    }

    /// How the task wants to be stopped; what any task wants if its spec cannot be planned any more.
    private var stop: (signal: Int32, grace: Duration) {
        guard let plan = try? ProcessPlan(self.task, hostname: self.settings.hostname) else {
            return (SIGTERM, ProcessPlan.defaultStopGrace)
        }
        return (plan.stopSignal, plan.stopGrace)
    }
}
