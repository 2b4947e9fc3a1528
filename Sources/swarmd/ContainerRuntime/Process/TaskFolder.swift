import Glibc
import LinuxSystem
import NodePlan

/// What a node keeps of one task, and what that says about its process.
///
/// `plan` says what to run; it is written before anything is started. `claim` is locked by the supervisor as
/// long as that lives and not empty once a start was tried, so that none is tried twice. `exit` says how it
/// ended. The output is beside them.
struct TaskFolder: Sendable {
    /// What can be known of a task's process from its folder.
    enum State: Equatable {
        /// Nothing was started.
        case unclaimed
        /// Nothing was started, and nothing will be.
        case withdrawn
        /// A supervisor is about to start it.
        case starting
        case running(ClaimRecord)
        case ended(TaskExit)
        /// It was started, nobody supervises it, and nobody recorded its end.
        case lost(ClaimRecord)
    }

    let path: String

    /// The task's identifier.
    var name: Substring {
        guard let slash = self.path.lastIndex(of: "/") else { return self.path[...] }
        return self.path[self.path.index(after: slash)...]
    }

    /// Where the task's folder goes, in one step, before it is taken apart.
    ///
    /// It must not lead through the folder itself, which is gone by then.
    var doomedPath: String { "\(self.path.dropLast(self.name.count)).removed-\(self.name)" }

    var claimPath: String { "\(self.path)/claim" }
    private var planPath: String { "\(self.path)/plan" }
    private var exitPath: String { "\(self.path)/exit" }
    private static let planKind = "swarmd-task-plan"
    private static let exitKind = "swarmd-task-exit"

    func write(_ plan: LaunchPlan) throws {
        try Files.makeDirectories(self.path)
        // Made here, so that the plan's own synchronization of the folder covers the claim's name as well.
        _ = try Descriptor.open(self.claimPath, O_RDWR | O_CREAT)
        try DurableFile.write(
            plan.encoded(),
            to: self.planPath,
            kind: Self.planKind,
            version: LaunchPlan.version
        )
        try Files.synchronizeDirectory("\(self.path)/..")
    }

    func readPlan() throws -> LaunchPlan? {
        try DurableFile.read(self.planPath, kind: Self.planKind, version: LaunchPlan.version).map { bytes in
            guard let plan = LaunchPlan(decoding: bytes) else {
                throw DurableFile.Fault.damaged(path: self.planPath)
            }
            return plan
        }
    }

    func write(_ exit: TaskExit) throws {
        try DurableFile.write(
            exit.encoded(),
            to: self.exitPath,
            kind: Self.exitKind,
            version: TaskExit.version
        )
    }

    func readExit() throws -> TaskExit? {
        try DurableFile.read(self.exitPath, kind: Self.exitKind, version: TaskExit.version).map { bytes in
            guard let exit = TaskExit(decoding: bytes) else {
                throw DurableFile.Fault.damaged(path: self.exitPath)
            }
            return exit
        }
    }

    /// The order of the reads matters: a supervisor writes the claim while it holds the lock, and records the
    /// end before it lets go of it.
    func state() throws -> State {
        if let exit = try self.readExit() { return .ended(exit) }
        let record = try self.readClaim()
        if try FileLock.isHeld(self.claimPath) {
            return record?.task == nil ? .starting : record.map(State.running) ?? .starting
        }
        if let exit = try self.readExit() { return .ended(exit) }
        guard let record else { return .unclaimed }
        return record.isWithdrawn ? .withdrawn : .lost(record)
    }

    /// What the claim says; nil when no start was tried.
    func readClaim() throws -> ClaimRecord? {
        do {
            let bytes = try Files.read(self.claimPath)
            return bytes.isEmpty ? nil : ClaimRecord(decoding: bytes)
        } catch let error as SystemError where error.isMissing {
            return nil
        }
    }
}
