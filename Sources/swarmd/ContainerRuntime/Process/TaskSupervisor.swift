import Glibc
import LinuxSystem
import NodePlan
import Primitives

/// The small process that holds one task: this program again, under a hidden command.
///
/// It depends on nobody: the daemon may die and come back. It imports neither Foundation nor NIO and starts no
/// thread, because `Main` calls it before anything else, and because its child must die with its only thread.
package enum TaskSupervisor {
    /// The program's first argument that means this; the second is the task's folder.
    package static let command = "supervise-task"

    /// Runs the task of a folder to its end, once.
    ///
    /// The result is the process's exit code.
    package static func main(directory: String) -> Int32 {
        CurrentProcess.setName("swarmd-task")
        // Nobody but the task's end ends this process, other than SIGKILL.
        CurrentProcess.ignore(signals: [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM])
        CurrentProcess.adoptOrphans()
        chdir("/")
        umask(0o077)
        var report = CurrentProcess.inheritedDescriptor(StartReport.descriptor)
        let folder = TaskFolder(path: directory)
        do {
            guard let claim = try Claim.take(in: folder) else {
                try report?.write(StartReport.taken.encoded())
                return 0
            }
            guard let own = ProcessReference(pid: getpid()) else { return 1 }
            try claim.record(supervisor: own)
            return Self.supervise(folder, claim, report.take())
        } catch {
            try? report?.write(StartReport.failed(code: 125, cause: "\(error)").encoded())
            return 1
        }
    }

    private static func supervise(
        _ folder: TaskFolder,
        _ claim: borrowing Claim,
        _ report: consuming Descriptor?
    )
        -> Int32
    {
        var group = ControlGroup(directories: [])
        var exit: TaskExit
        do {
            guard let plan = try folder.readPlan() else {
                throw StartFailure(code: 125, cause: "it has no plan")
            }
            group = ControlGroup(directories: plan.cgroup.directories)
            let process = try SupervisedProcess.start(plan, group, logs: folder.path)
            // A task that is over before it could be looked at has no start time; its end is known all the same.
            if let reference = ProcessReference(pid: process.pid) { try claim.record(task: reference) }
            try? report?.write(StartReport.running(pid: process.pid).encoded())
            report = nil
            exit = try process.runToEnd(group, killCounter: plan.cgroup.killCounter)
        } catch {
            let failure = error as? StartFailure ?? StartFailure(code: 125, cause: "\(error)")
            group.killAll()
            exit = TaskExit(code: failure.code, failure: failure.cause, at: Self.now())
            try? folder.write(exit)
            try? report?.write(StartReport.failed(code: failure.code, cause: failure.cause).encoded())
            try? group.remove()
            return 1
        }
        // Before the group goes: what removes the group may be interrupted, the exit must not be lost by that.
        let isRecorded = (try? folder.write(exit)) != nil
        try? group.remove()
        return isRecorded ? 0 : 1
    }

    static func now() -> Timestamp { Timestamp(nanoseconds: Machine.now()) }
}

/// Why a task could not be started, with docker's exit code for it: 126 cannot be run, 127 not found, 125 other.
struct StartFailure: Error, Equatable {
    var code: Int32
    var cause: String
}
