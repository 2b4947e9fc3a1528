package import SwarmAPI

/// Runs tasks in some way: as processes, as containers, or not at all.
///
/// SwarmKit `agent/exec/executor.go`.
package protocol Executor: Sendable {
    /// What this node offers: platform, resources, engine.
    func describe() async throws -> SwarmNodeDescription

    /// Takes in what the manager says of this node.
    func configure(_ node: SwarmNode) async throws

    /// The controller of `task`.
    ///
    /// For a task that ran before this process began, the controller finds and adopts what runs:
    /// it never starts it again.
    func controller(for task: SwarmTask) async throws -> any Controller

    /// The controller of `task`, which asks `files` for what the task needs beside its spec.
    ///
    /// An executor that gives its tasks no files need not have it.
    func controller(for task: SwarmTask, files: @escaping TaskFiles.Source) async throws -> any Controller

    /// Removes what earlier tasks left behind, other than those in `known`.
    func removeLeftovers(except known: Set<String>) async throws
}

extension Executor {
    package func controller(
        for task: SwarmTask,
        files: @escaping TaskFiles.Source
    ) async throws -> any Controller { try await self.controller(for: task) }
}

/// Leads one task through its life on this node (SwarmKit `agent/exec/controller.go`).
///
/// Each call may be repeated after a failure or a restart of the daemon, and then continues or finds the
/// work done. The caller makes one call at a time; cancelling the calling task abandons the wait, not the work.
package protocol Controller: Sendable {
    /// Takes in a new version of the task; only its desired state and its status may differ.
    func update(_ task: SwarmTask) async throws
    /// Makes everything ready that `start` needs.
    func prepare() async throws
    /// Starts the task, and returns when it runs. Throws `ControllerError.started` if it was started before.
    func start() async throws
    /// Waits for the end. Returns after success, throws `ExitError` otherwise.
    func wait() async throws
    /// Asks the task to stop, and forces it to after its grace period.
    func shutdown() async throws
    /// Stops the task at once.
    func terminate() async throws
    /// Removes what the task left on this node.
    func remove() async throws
    /// What runs: process id, exit code. Nil where nothing was started.
    func containerStatus() async -> SwarmContainerStatus?
    /// The task's output; ends with the task's output, or never while `options.follow`.
    func logs(_ options: SwarmLogSubscriptionOptions) async throws -> AsyncThrowingStream<LogChunk, any Error>
}

/// A piece of a task's output.
package struct LogChunk: Sendable, Equatable {
    package var stream: SwarmLogStream
    package var at: SwarmTimestamp
    /// Whole lines, with their line feeds; at most 64 KiB.
    package var data: [UInt8]

    package init(stream: SwarmLogStream, at: SwarmTimestamp, data: [UInt8]) {
        self.stream = stream
        self.at = at
        self.data = data
    }
}

/// What a controller's caller treats differently from other failures.
package enum ControllerError: Error, Equatable {
    /// `start` was done before: go on with `wait`.
    case started
    /// The task cannot run here at all: it is rejected, not failed.
    case rejected(String)
    /// A passing failure: try the same call again.
    case temporary(String)
}

/// How a task ended that did not succeed.
package struct ExitError: Error, Equatable, CustomStringConvertible {
    /// The exit code; 128 + the signal's number if a signal ended it.
    package var code: Int32
    /// Why, when there is more to say than the code: "out of memory", "killed by signal 9".
    package var cause: String?

    package init(code: Int32, cause: String? = nil) {
        self.code = code
        self.cause = cause
    }

    /// SwarmKit's form, which operators and their tools know.
    package var description: String {
        let base = "task: non-zero exit (\(self.code))"
        return self.cause.map { "\(base): \($0)" } ?? base
    }
}
