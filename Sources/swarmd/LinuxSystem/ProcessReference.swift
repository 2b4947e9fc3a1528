import CLinux
import Glibc

/// One process for good: its number together with the time it started, in one boot of the machine.
///
/// Process numbers are reused; this pair is not.
package struct ProcessReference: Sendable, Equatable {
    package var pid: Int32
    package var startTime: UInt64
    package var bootID: String

    package init(pid: Int32, startTime: UInt64, bootID: String) {
        self.pid = pid
        self.startTime = startTime
        self.bootID = bootID
    }

    /// The living process of that number.
    package init?(pid: Int32) {
        guard let stat = ProcessTable.stat(pid) else { return nil }
        self.init(pid: pid, startTime: stat.startTime, bootID: Machine.bootID())
    }

    /// A descriptor that becomes readable when the process ended; nil where it is gone.
    package func open() throws -> Descriptor? {
        guard self.bootID == Machine.bootID() else { return nil }
        let raw = swarmd_pidfd_open(self.pid)
        guard raw >= 0 else {
            if errno == ESRCH { return nil }
            throw SystemError.last("pidfd_open", "\(self.pid)")
        }
        let descriptor = Descriptor(owning: raw)
        // Checked after opening: what bears the number now is what was opened, or is gone already.
        guard ProcessTable.stat(self.pid)?.startTime == self.startTime else { return nil }
        return descriptor
    }

    /// Whether it lives; a zombie does not.
    package var isAlive: Bool {
        guard self.bootID == Machine.bootID(), let stat = ProcessTable.stat(self.pid) else { return false }
        return stat.startTime == self.startTime && stat.state != "Z"
    }

    /// Sends a signal, to this process and never to a later one of its number.
    ///
    /// Returns false where it is gone.
    @discardableResult
    package func signal(_ number: Int32) throws -> Bool {
        guard let descriptor = try self.open() else { return false }
        if swarmd_pidfd_send_signal(descriptor.raw, number) == 0 { return true }
        guard errno == ESRCH else { throw SystemError.last("pidfd_send_signal", "\(self.pid)") }
        return false
    }
}
