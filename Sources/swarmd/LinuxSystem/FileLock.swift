import CLinux
import Glibc

/// A lock on a file that ends with its owner, however that ends.
///
/// It is Linux's lock of an open file description: unlike `flock` it can be asked about without being taken,
/// so an onlooker never disturbs an owner.
package struct FileLock: ~Copyable, Sendable {
    /// The locked file, open for reading and writing.
    package let file: Descriptor

    private init(file: consuming Descriptor) { self.file = file }

    /// Opens `path`, making it if need be, and takes the lock; nil where somebody else holds it.
    package static func acquire(_ path: String) throws -> FileLock? {
        let file = try Descriptor.open(path, O_RDWR | O_CREAT)
        if swarmd_lock_file(file.raw) == 0 { return FileLock(file: file) }
        guard errno == EAGAIN || errno == EACCES else { throw SystemError.last("lock", path) }
        return nil
    }

    /// Tells whether somebody holds the lock; a file that is not there is not locked.
    package static func isHeld(_ path: String) throws -> Bool {
        let file: Descriptor
        do { file = try Descriptor.open(path, O_RDWR) } catch let error as SystemError where error.isMissing {
            return false
        }
        let held = swarmd_lock_is_held(file.raw)
        if held < 0 { throw SystemError.last("lock", path) }
        return held == 1
    }
}
