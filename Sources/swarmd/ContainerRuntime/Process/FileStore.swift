import Execution
import Glibc
import LinuxSystem
import NodePlan

/// The secrets and configs of this node's processes, as files in memory.
///
/// Each task has a folder that its user alone can enter: beside a container's files others on the machine would not
/// be, so permissions that let all read would be too many.
struct FileStore: Sendable {
    private let memory: MemoryFolder

    /// The store of the node with that state directory; throws where the machine has no file system in memory.
    init(stateDirectory: String) throws {
        guard let memory = try MemoryFolder(of: stateDirectory) else {
            throw PlanError(
                "container.secrets",
                "this node has no file system in memory, and a secret is written to no disk"
            )
        }
        self.memory = memory
    }

    /// The folder of a task.
    func folder(of task: String) -> String { "\(self.memory.path)/\(task)" }

    func hasFiles(of task: String) -> Bool { Files.exists(self.folder(of: task)) }

    /// Writes a task's files, in place of those that it has; `user` is who it runs as.
    func write(_ files: TaskFiles, of task: String, for user: UInt32?) throws {
        try self.memory.make()
        // Renamed at last: a folder that is there is whole.
        let new = "\(self.memory.path)/.\(task)"
        try Files.removeTree(new)
        try Files.makeDirectory(new, mode: 0o700)
        for (name, files) in [
            (ProcessFiles.secrets.folder, files.secrets), (ProcessFiles.configs.folder, files.configs),
        ] where !files.isEmpty {
            let folder = "\(new)/\(name)"
            try Files.makeDirectory(folder, mode: 0o755)
            try MemoryFolder.setMode(0o755, of: folder)
            for file in files { try Self.write(file, to: "\(folder)/\(file.name)") }
        }
        if let user { try MemoryFolder.setOwner(user, getgid(), of: new) }
        try Files.removeTree(self.folder(of: task))
        try Files.rename(new, to: self.folder(of: task))
    }

    private static func write(_ file: TaskFiles.File, to path: String) throws {
        let descriptor = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL)
        try descriptor.write(file.content)
        // Owners first: a change of them takes permissions away.
        try MemoryFolder.setOwner(
            try Self.number(file.uid, "uid"),
            try Self.number(file.gid, "gid"),
            of: path
        )
        try MemoryFolder.setMode(file.mode & 0o7777, of: path)
    }

    private static func number(_ text: String, _ field: String) throws -> UInt32 {
        if text.isEmpty { return 0 }
        guard let number = UInt32(text) else {
            throw PlanError("container.secrets", "\(field) \"\(text)\" is no number")
        }
        return number
    }

    func remove(_ task: String) throws {
        try Files.removeTree("\(self.memory.path)/.\(task)")
        try Files.removeTree(self.folder(of: task))
    }

    /// Removes the files of all tasks of the node but those in `known`.
    static func clear(_ stateDirectory: String, except known: Set<String>) throws {
        // A machine without such a file system has no files, and a node without a directory none either.
        guard Files.exists(stateDirectory), let memory = try MemoryFolder(of: stateDirectory) else { return }
        let names = try Files.names(in: memory.path)
        for name in names where !known.contains(name) { try Files.removeTree("\(memory.path)/\(name)") }
        if known.isEmpty { try Files.removeTree(memory.path) }
    }
}
