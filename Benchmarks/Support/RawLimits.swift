package import Foundation
import Glibc

/// What the machine gives without us, measured in the same run.
package enum RawLimits {
    /// Where the synced writes go.
    package enum Pattern: Sendable {
        /// Into a file of 16 MiB whose blocks were all written before.
        case overwrite
        /// To the end of a file, which grows with each.
        case append
    }

    private static let fileSize = 16 << 20

    /// Writes of 2 KiB, each followed by `fdatasync`, in a file of its own in `folder`.
    package static func fdatasync(_ pattern: Pattern, count: Int, in folder: URL) throws -> Samples {
        let path = folder.appending(path: "sync-\(getpid())").path
        let file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0o600)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        defer {
            close(file)
            unlink(path)
        }
        let block = [UInt8](repeating: 7, count: 2_048)
        if pattern == .overwrite {
            for offset in stride(from: 0, to: Self.fileSize, by: block.count) {
                _ = pwrite(file, block, block.count, off_t(offset))
            }
        }
        fsync(file)
        let times = try (0..<count).map { number in
            let began = ContinuousClock.now
            let written = pwrite(file, block, block.count, off_t(number * block.count % Self.fileSize))
            guard written == block.count, Glibc.fdatasync(file) == 0 else {
                throw POSIXError(.init(rawValue: errno) ?? .EIO)
            }
            return (ContinuousClock.now - began).milliseconds
        }
        return Samples(times)
    }

    /// Starting /bin/true and waiting for its end.
    package static func forkExec(count: Int) throws -> Samples {
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
