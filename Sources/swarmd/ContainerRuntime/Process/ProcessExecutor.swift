package import Execution
import LinuxSystem
package import Logging
import NodePlan
package import SwarmAPI

/// Runs tasks as plain processes of this machine, each under a supervisor of its own.
///
/// It holds no state: what it knows of a task is in the task's folder, where the supervisor keeps it, so
/// a new daemon knows as much as the old one did.
package struct ProcessExecutor: Executor {
    private let settings: ExecutorSettings
    private let log: Logger

    package init(_ settings: ExecutorSettings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    package func describe() async throws -> SwarmNodeDescription { try self.settings.describe() }

    package func configure(_ node: SwarmNode) async throws {}

    package func controller(for task: SwarmTask) async throws -> any Controller {
        try await self.controller(for: task) { TaskFiles() }
    }

    package func controller(
        for task: SwarmTask,
        files: @escaping TaskFiles.Source
    ) async throws -> any Controller {
        guard Self.isFolderName(task.id) else {
            throw ControllerError.rejected("id: \"\(task.id)\" is not the identifier of a task")
        }
        return ProcessController(
            task: task,
            settings: self.settings,
            folder: self.folder(task.id),
            files: files
        )
    }

    package func removeLeftovers(except known: Set<String>) async throws {
        for name in try Files.names(in: self.tasksPath) where !known.contains(name) {
            self.log.info("removing what a forgotten task left", metadata: ["task": "\(name)"])
            // What begins with a dot was being removed when the last daemon ended.
            if name.hasPrefix(".") {
                let path = "\(self.tasksPath)/\(name)"
                try await BlockingWork.run { try Files.removeTree(path) }
            } else {
                try await TaskProcess(folder: self.folder(name)).remove()
            }
        }
        try FileStore.clear(self.settings.stateDirectory, except: known)
    }

    private var tasksPath: String { "\(self.settings.stateDirectory)/worker/tasks" }

    private func folder(_ id: String) -> TaskFolder { TaskFolder(path: "\(self.tasksPath)/\(id)") }

    /// Whether `id` can name a folder and a control group: it comes from a peer, and goes into paths.
    private static func isFolderName(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == 0x2d || byte == 0x5f
            }
    }
}
