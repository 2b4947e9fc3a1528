import CLinux
import Glibc

/// Starts programs that outlive this process.
package enum DetachedProgram {
    /// Starts `command` in a session of its own, with /dev/null for its streams and `report` as descriptor 3.
    ///
    /// It gets this process's environment, none of its signal settings and none of its other descriptors.
    package static func start(_ command: [String], report: borrowing Descriptor) throws -> Int32 {
        precondition(!command.isEmpty, "a program to start has a path")
        var pid: pid_t = 0
        let result = withCStrings(command) { arguments in
            swarmd_spawn_detached(&pid, command[0], arguments, swarmd_environment(), report.raw)
        }
        if result != 0 { throw SystemError(operation: "posix_spawn", path: command[0], code: result) }
        return pid
    }
}
