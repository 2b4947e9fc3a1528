import CLinux
import Glibc

/// Settings of this very process, for one that supervises others.
package enum CurrentProcess {
    /// Makes orphaned descendants children of this process, so that it can wait for them.
    package static func adoptOrphans() { swarmd_adopt_orphans() }

    /// Lets this process have as many open files as the system allows it; returns how many that is.
    ///
    /// Many programs can't bear more than the usual 1,024, so those that are started detached keep the limit that
    /// this process had.
    @discardableResult package static func raiseOpenFiles() throws -> Int {
        let limit = swarmd_raise_open_files()
        if limit < 0 { throw SystemError.last("setrlimit") }
        return Int(limit)
    }

    /// The name that `ps` shows; at most 15 bytes.
    package static func setName(_ name: String) { swarmd_set_process_name(name) }

    package static func ignore(signals: [Int32]) {
        for number in signals { swarmd_ignore_signal(number) }
    }

    /// A descriptor that becomes readable when a child ended.
    ///
    /// Call it before threads are started.
    package static func childSignals() throws -> Descriptor {
        let raw = swarmd_child_signal_descriptor()
        if raw < 0 { throw SystemError.last("signalfd") }
        return Descriptor(owning: raw)
    }

    /// Takes over a descriptor that the parent left open, and keeps it from programs started here.
    package static func inheritedDescriptor(_ raw: Int32) -> Descriptor? {
        fcntl(raw, F_SETFD, FD_CLOEXEC) == 0 ? Descriptor(owning: raw) : nil
    }
}
