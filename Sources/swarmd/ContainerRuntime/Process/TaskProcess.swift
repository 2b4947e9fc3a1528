import Execution
import Glibc
import LinuxSystem
import NodePlan
import Primitives

/// A task's process and its supervisor, as seen from outside: from a daemon that may be the second to look.
struct TaskProcess: Sendable {
    /// How often is looked again where there is nothing to wait on.
    private static let interval: Duration = .milliseconds(5)
    /// How long a supervisor may take for what takes it milliseconds: to start, to record an end, to clean up.
    static let supervisorLimit: Duration = .seconds(30)

    let folder: TaskFolder

    /// The state, once it is not `starting` any more.
    func settled() async throws -> TaskFolder.State {
        let deadline = ContinuousClock.now + Self.supervisorLimit
        while true {
            let state = try self.folder.state()
            guard state == .starting, ContinuousClock.now < deadline else { return state }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Waits for the end, and returns it; nil when `timeout` passed first.
    func end(timeout: Duration? = nil) async throws -> TaskExit? {
        let deadline = timeout.map { ContinuousClock.now + $0 }
        while true {
            switch try self.folder.state() {
            case .ended(let exit): return exit
            case .lost(let record): return try await self.close(record)
            case .unclaimed, .withdrawn: throw NotStarted(folder: self.folder.path)
            case .running(let record): try await self.watch(record, until: deadline)
            case .starting: try await Task.sleep(for: Self.interval)
            }
            if let deadline, ContinuousClock.now >= deadline, case .running = try self.folder.state() {
                return nil
            }
        }
    }

    /// Returns when the supervisor ended, or `deadline` passed.
    private func watch(_ record: ClaimRecord, until deadline: ContinuousClock.Instant?) async throws {
        guard let supervisor = try record.supervisor?.open() else {
            // Gone between two looks; the folder knows by now.
            try await Task.sleep(for: Self.interval)
            return
        }
        let left = deadline.map { max(.zero, $0 - ContinuousClock.now) }
        _ = try await Readiness.waitUntilReadable(supervisor, timeout: left)
    }

    /// Sends a signal to the task's first process.
    func signal(_ number: Int32) throws {
        guard case .running(let record) = try self.folder.state() else { return }
        try record.task?.signal(number)
    }

    /// Kills all that the task is, and returns when its end is recorded.
    func kill() async throws {
        switch try await self.settled() {
        case .unclaimed, .withdrawn, .ended: return
        case .lost(let record): _ = try await self.close(record)
        case .starting: throw Stuck(folder: self.folder.path)
        case .running(let record):
            try await self.killProcesses(record)
            if try await self.end(timeout: Self.supervisorLimit) != nil { return }
            // It does not even record a dead child: stopped, or on a disk that hangs.
            try record.supervisor?.signal(SIGKILL)
            if try await self.end(timeout: Self.supervisorLimit) == nil {
                throw Stuck(folder: self.folder.path)
            }
        }
    }

    /// Makes sure that a task which was not started never is; the next look sees it withdrawn.
    func withdraw() async throws {
        guard Files.exists(self.folder.path), try self.folder.state() == .unclaimed else { return }
        // Not taken: a supervisor is faster, and the task runs after all.
        try Claim.take(in: self.folder)?.withdraw()
    }

    /// Removes the task from this node, whatever it is doing.
    func remove() async throws {
        guard Files.exists(self.folder.path) else { return }
        try await self.withdraw()
        try await self.kill()
        let deadline = ContinuousClock.now + Self.supervisorLimit
        while try FileLock.isHeld(self.folder.claimPath), ContinuousClock.now < deadline {
            try await Task.sleep(for: Self.interval)
        }
        let folder = self.folder
        try await BlockingWork.run {
            if let group = folder.group() {
                group.killAll()
                try group.remove()
            }
            // Renamed first: half a folder would look like a task that was never started.
            let doomed = folder.doomedPath
            try Files.removeTree(doomed)
            try Files.rename(folder.path, to: doomed)
            try Files.removeTree(doomed)
        }
    }

    private func killProcesses(_ record: ClaimRecord) async throws {
        let folder = self.folder
        try await BlockingWork.run {
            try record.task?.signal(SIGKILL)
            if let group = folder.group(), !group.directories.isEmpty {
                group.killAll()
            } else if let task = record.task, task.isAlive {
                try ProcessTable.killAll { $0.session == task.pid }
            }
        }
    }

    /// Ends what a killed supervisor left behind, and records that.
    private func close(_ record: ClaimRecord) async throws -> TaskExit {
        try await self.killProcesses(record)
        let isSameBoot = record.supervisor.map { $0.bootID == Machine.bootID() } ?? true
        let cause = isSameBoot ? "its supervisor was killed" : "the machine restarted while it ran"
        let exit = TaskExit(code: 137, failure: cause, at: TaskSupervisor.now())
        let folder = self.folder
        try await BlockingWork.run {
            try folder.write(exit)
            // The end is known and must be told; a group that resists is tried again when the task is removed.
            try? folder.group()?.remove()
        }
        return exit
    }
}

extension TaskFolder {
    /// The task's control group, if its plan can be read.
    func group() -> ControlGroup? {
        guard let plan = try? self.readPlan() else { return nil }
        return ControlGroup(directories: plan.cgroup.directories)
    }
}

/// A wait for a task that was never started on this node, or whose folder is gone.
struct NotStarted: Error, Equatable, CustomStringConvertible {
    var folder: String
    var description: String { "the task was not started on this node: \(self.folder) holds no claim" }
}

/// A task that neither lives nor dies: its supervisor or its disk hangs.
struct Stuck: Error, Equatable, CustomStringConvertible {
    var folder: String
    var description: String { "the task's supervisor does not answer: \(self.folder)" }
}
