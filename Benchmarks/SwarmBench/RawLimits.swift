import Foundation
import Glibc

/// What the machine gives without us, measured in the same run.
enum RawLimits {
    /// Writes of 2 KiB, each followed by `fdatasync`, into a preallocated file.
    static func fdatasync(count: Int) throws -> Samples {
        let path = FileManager.default.temporaryDirectory.appending(path: "swarm-bench-sync-\(getpid())").path
        let file = open(path, O_CREAT | O_RDWR, 0o600)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        defer {
            close(file)
            unlink(path)
        }
        posix_fallocate(file, 0, 16 << 20)
        fsync(file)
        let block = [UInt8](repeating: 7, count: 2_048)
        let times = (0..<count).map { number in
            let began = ContinuousClock.now
            _ = pwrite(file, block, block.count, off_t(number * block.count))
            _ = Glibc.fdatasync(file)
            return (ContinuousClock.now - began).milliseconds
        }
        return Samples(times)
    }

    /// Starting /bin/true and waiting for its end.
    static func forkExec(count: Int) throws -> Samples {
        let times = try (0..<count).map { _ in
            let began = ContinuousClock.now
            var pid: pid_t = 0
            guard posix_spawn(&pid, "/bin/true", nil, nil, [nil], [nil]) == 0 else {
                throw POSIXError(.init(rawValue: errno) ?? .EAGAIN)
            }
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            return (ContinuousClock.now - began).milliseconds
        }
        return Samples(times)
    }
}
