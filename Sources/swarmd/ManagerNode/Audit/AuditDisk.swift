import Glibc
import LinuxSystem

/// How the bytes of records reach the disk, so that tests can put a disk that fails in its place.
struct AuditDisk: Sendable {
    /// Writes all of some bytes at the end of a file.
    var write: @Sendable (_ file: borrowing Descriptor, _ bytes: [UInt8]) throws -> Void
    /// Cuts a file to a length.
    var cut: @Sendable (_ file: borrowing Descriptor, _ length: Int) throws -> Void
    /// Returns when a file would survive a loss of power.
    var synchronize: @Sendable (_ file: borrowing Descriptor) throws -> Void

    /// The kernel's.
    static let system = AuditDisk { file, bytes in
        try file.write(bytes)
    } cut: { file, length in
        guard ftruncate(file.raw, off_t(length)) == 0 else { throw SystemError.last("ftruncate") }
    } synchronize: { file in
        try file.synchronize()
    }
}
