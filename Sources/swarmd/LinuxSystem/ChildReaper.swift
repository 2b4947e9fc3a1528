import CLinux
import Dispatch
import Glibc

/// Collects the exit status of children that nobody waits for, so that none stays a zombie.
package enum ChildReaper {
    private static let queue = DispatchQueue(label: "swarmd.reaper")

    /// Takes over a child of this process: it is waited for when it ends.
    package static func adopt(_ pid: Int32) throws {
        let descriptor = swarmd_pidfd_open(pid)
        guard descriptor >= 0 else { throw SystemError.last("pidfd_open", "\(pid)") }
        let source = ReadSource(descriptor: descriptor, queue: Self.queue)
        source.base.setEventHandler {
            var status: Int32 = 0
            waitpid(pid, &status, WNOHANG)
            source.base.cancel()
        }
        source.base.setCancelHandler { close(descriptor) }
        source.base.activate()
    }
}
