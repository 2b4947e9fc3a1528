import CLinux
import Glibc

/// The real file system.
package struct PosixFileSystem: FileSystem {
    package init() {}

    package func createDirectory(_ path: String) throws(LogError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .last("mkdir", path) }
    }

    package func names(in directory: String) throws(LogError) -> [String] {
        guard let stream = opendir(directory) else { throw .last("opendir", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package func open(_ path: String, create: Bool) throws(LogError) -> any LogFile {
        try PosixFile(path, flags: create ? O_RDWR | O_CREAT | O_TRUNC : O_RDWR)
    }

    package func lock(_ path: String) throws(LogError) -> any LogFile {
        let file = try PosixFile(path, flags: O_RDWR | O_CREAT)
        guard file.lock() else { throw .inUse(path: path) }
        return file
    }

    package func rename(_ path: String, to target: String) throws(LogError) {
        if Glibc.rename(path, target) != 0 { throw .last("rename", path) }
    }

    package func remove(_ path: String) throws(LogError) {
        if unlink(path) != 0 { throw .last("unlink", path) }
    }

    package func syncDirectory(_ path: String) throws(LogError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw .last("fsync", path) }
    }
}

/// A file descriptor with the name that it was opened by.
private final class PosixFile: LogFile {
    let path: String
    private let descriptor: Int32

    init(_ path: String, flags: Int32) throws(LogError) {
        self.path = path
        self.descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard self.descriptor >= 0 else { throw .last("open", path) }
    }

    deinit { if self.descriptor >= 0 { close(self.descriptor) } }

    func lock() -> Bool { flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 }

    func size() throws(LogError) -> UInt64 { UInt64(try self.fact("size", swarmd_file_size)) }

    func mode() throws(LogError) -> UInt32 { UInt32(try self.fact("mode", swarmd_file_mode) & 0o777) }

    private func fact(_ name: String, _ read: (Int32) -> Int64) throws(LogError) -> Int64 {
        let value = read(self.descriptor)
        guard value >= 0 else { throw .last("fstat (\(name))", self.path) }
        return value
    }

    func read(at offset: UInt64, count: Int) throws(LogError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let part = pread(
                    self.descriptor,
                    buffer.baseAddress?.advanced(by: done),
                    count - done,
                    off_t(offset) + off_t(done)
                )
                if part < 0, errno == EINTR { continue }
                if part < 0 { code = errno }
                if part <= 0 { return }
                done += part
            }
        }
        if code != 0 { throw .io(operation: "read", path: self.path, code: code) }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(LogError) {
        var code: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let part = pwrite(
                    self.descriptor,
                    buffer.baseAddress?.advanced(by: done),
                    buffer.count - done,
                    off_t(offset) + off_t(done)
                )
                if part < 0, errno == EINTR { continue }
                guard part > 0 else {
                    code = part == 0 ? ENOSPC : errno
                    return
                }
                done += part
            }
        }
        if code != 0 { throw .io(operation: "write", path: self.path, code: code) }
    }

    func allocate(_ size: UInt64) throws(LogError) {
        let code = posix_fallocate(self.descriptor, 0, off_t(size))
        if code != 0 { throw .io(operation: "fallocate", path: self.path, code: code) }
    }

    func truncate(to size: UInt64) throws(LogError) {
        if ftruncate(self.descriptor, off_t(size)) != 0 { throw .last("ftruncate", self.path) }
    }

    func sync() throws(LogError) {
        if fdatasync(self.descriptor) != 0 { throw .last("fdatasync", self.path) }
    }
}

extension LogError {
    /// The failure that the last system call of this thread left in `errno`.
    fileprivate static func last(_ operation: String, _ path: String) -> Self {
        .io(operation: operation, path: path, code: errno)
    }
}
