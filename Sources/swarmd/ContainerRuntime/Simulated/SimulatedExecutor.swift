package import Execution
package import SwarmAPI
import SwiftProtobuf
import Synchronization

/// Runs nothing: a task is RUNNING as soon as it is started, until it is told to stop.
///
/// For measuring the cluster without the cost of processes. A task costs a few hundred bytes of memory and
/// nothing of the machine's; it does not survive the daemon.
package final class SimulatedExecutor: Executor {
    private let settings: ExecutorSettings
    private let tasks = Mutex<[String: SimulatedTask]>([:])

    package init(_ settings: ExecutorSettings) { self.settings = settings }

    package func describe() async throws -> SwarmNodeDescription { try self.settings.describe() }

    package func configure(_ node: SwarmNode) async throws {}

    package func controller(for task: SwarmTask) async throws -> any Controller {
        let simulated = self.tasks.withLock { tasks in
            if let known = tasks[task.id] { return known }
            let new = SimulatedTask()
            tasks[task.id] = new
            return new
        }
        return SimulatedController(taskID: task.id, task: simulated) { [weak self] in
            self?.tasks.withLock { _ = $0.removeValue(forKey: task.id) }
        }
    }

    package func removeLeftovers(except known: Set<String>) async throws {
        self.tasks.withLock { tasks in tasks = tasks.filter { known.contains($0.key) } }
    }
}

/// A task that is only remembered.
final class SimulatedTask: Sendable {
    enum Phase: Equatable {
        case created, started
        case ended(code: Int32)
    }

    let phase = Mutex(Phase.created)
    let end = Gate()

    func stop(code: Int32) {
        self.phase.withLock { if $0 == .created || $0 == .started { $0 = .ended(code: code) } }
        self.end.open()
    }
}

/// Leads a simulated task.
struct SimulatedController: Controller {
    let taskID: String
    let task: SimulatedTask
    let forget: @Sendable () -> Void

    func update(_ task: SwarmTask) async throws {}
    func prepare() async throws {}

    func start() async throws {
        let isFirst = self.task.phase.withLock { phase in
            guard phase == .created else { return false }
            phase = .started
            return true
        }
        if !isFirst { throw ControllerError.started }
    }

    func wait() async throws {
        if self.task.phase.withLock({ $0 == .created }) {
            throw ExitError(code: 1, cause: "a simulated task does not survive its daemon")
        }
        try await self.task.end.pass()
        if case .ended(let code) = self.task.phase.withLock({ $0 }) { throw ExitError(code: code) }
    }

    func shutdown() async throws { self.task.stop(code: 143) }
    func terminate() async throws { self.task.stop(code: 137) }

    func remove() async throws {
        self.task.stop(code: 137)
        self.forget()
    }

    func containerStatus() async -> SwarmContainerStatus? {
        let phase = self.task.phase.withLock { $0 }
        if phase == .created { return nil }
        return .with {
            $0.containerID = self.taskID
            if case .ended(let code) = phase { $0.exitCode = code }
        }
    }

    func logs(_ options: SwarmLogSubscriptionOptions) async throws -> AsyncThrowingStream<LogChunk, any Error>
    {
        AsyncThrowingStream { nil }
    }
}
