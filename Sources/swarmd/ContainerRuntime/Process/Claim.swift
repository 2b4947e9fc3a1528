import LinuxSystem
import NodePlan

/// What a claim tells: who supervises, and what runs.
struct ClaimRecord: Sendable, Equatable {
    var supervisor: ProcessReference?
    var task: ProcessReference?
    /// The task was told to stop before it was started.
    var isWithdrawn: Bool

    init(decoding bytes: [UInt8]) {
        let text = FieldText(decoding: bytes)
        let boot = text.last("boot") ?? ""
        func process(_ name: String) -> ProcessReference? {
            guard let pid: Int32 = text.number("\(name)-pid"),
                let start: UInt64 = text.number("\(name)-start")
            else {
                return nil
            }
            return ProcessReference(pid: pid, startTime: start, bootID: boot)
        }
        self.supervisor = process("supervisor")
        self.task = process("task")
        self.isWithdrawn = text.last("withdrawn") != nil
    }
}

/// The right to start a task: given once, ever.
struct Claim: ~Copyable {
    private let lock: FileLock

    /// Takes the claim of `folder`; nil when somebody holds it, or held it before.
    static func take(in folder: TaskFolder) throws -> Claim? {
        guard let lock = try FileLock.acquire(folder.claimPath) else { return nil }
        guard try Files.read(folder.claimPath).isEmpty else { return nil }
        return Claim(lock: lock)
    }

    private init(lock: consuming FileLock) { self.lock = lock }

    /// Records the supervisor.
    ///
    /// From here on the task is never started by anybody else, even after a loss of power.
    func record(supervisor: ProcessReference) throws {
        var text = FieldText()
        text.add("boot", supervisor.bootID)
        text.add("supervisor-pid", supervisor.pid)
        text.add("supervisor-start", supervisor.startTime)
        try self.lock.file.write(text.encoded())
        try self.lock.file.synchronize()
    }

    /// Records the task's process.
    ///
    /// Not synchronized: after a loss of power the process is gone in any case.
    func record(task: ProcessReference) throws {
        var text = FieldText()
        text.add("task-pid", task.pid)
        text.add("task-start", task.startTime)
        try self.lock.file.write(text.encoded())
    }

    /// Records that nobody may start the task any more.
    func withdraw() throws {
        var text = FieldText()
        text.add("withdrawn", "1")
        try self.lock.file.write(text.encoded())
        try self.lock.file.synchronize()
    }
}
