import CLinux
import Glibc

/// A folder whose files are in memory and on no disk, for this program and what it starts.
package struct MemoryFolder: Sendable, Equatable {
    /// Where such file systems usually are.
    private static let places = ["/run", "/dev/shm"]
    private static let name = "swarmd"

    package let path: String

    /// The folder that belongs to the directory `owner`, on the first file system in memory that can be written to; nil
    /// where there is none.
    ///
    /// Nothing is made yet. The name comes of the directory's own number, so that it is found again.
    package init?(of owner: String) throws {
        var status = stat()
        guard stat(owner, &status) == 0 else { throw SystemError.last("stat", owner) }
        guard let place = Self.places.first(where: Self.isUsable) else { return nil }
        self.path = "\(place)/\(Self.name)/\(status.st_dev)-\(status.st_ino)"
    }

    private static func isUsable(_ path: String) -> Bool {
        swarmd_is_in_memory(path) == 1 && access(path, W_OK) == 0
    }

    /// Makes the folder where it is missing; throws where somebody else could have made it, or can write to it.
    package func make() throws {
        guard let slash = self.path.lastIndex(of: "/") else { return }
        // Others have to come through, to what is theirs.
        for path in [String(self.path[..<slash]), self.path] {
            if try Files.makeDirectory(path, mode: 0o711) { try Self.setMode(0o711, of: path) }
            var status = stat()
            guard lstat(path, &status) == 0 else { throw SystemError.last("lstat", path) }
            let isOurs = status.st_uid == geteuid() && status.st_mode & S_IFMT == S_IFDIR
            guard isOurs, status.st_mode & 0o022 == 0 else {
                throw SystemError(operation: "use", path: path, code: EPERM)
            }
        }
    }

    /// Sets the permissions of a file or folder.
    package static func setMode(_ mode: UInt32, of path: String) throws {
        if chmod(path, mode) != 0 { throw SystemError.last("chmod", path) }
    }

    /// Gives a file or folder to a user and a group; a program that is not root's keeps it.
    package static func setOwner(_ uid: UInt32, _ gid: UInt32, of path: String) throws {
        guard geteuid() == 0 else { return }
        if chown(path, uid, gid) != 0 { throw SystemError.last("chown", path) }
    }
}
