import BenchSupport
import Foundation
import Glibc

/// Small synced writes at all times, beside what is measured: a disk that pauses does so for everybody.
struct DiskPulse {
    private static let pause = Duration.milliseconds(10)
    private static let block = [UInt8](repeating: 7, count: 256)

    let folder: URL

    /// The longest time that one write and its sync took, in milliseconds, until the task is cancelled.
    @concurrent
    func worst() async throws -> Double {
        let path = self.folder.appending(path: "pulse").path
        let file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0o600)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        defer {
            close(file)
            unlink(path)
        }
        var worst = Duration.zero
        while !Task.isCancelled {
            let began = ContinuousClock.now
            guard pwrite(file, Self.block, Self.block.count, 0) == Self.block.count, fdatasync(file) == 0
            else {
                throw POSIXError(.init(rawValue: errno) ?? .EIO)
            }
            worst = max(worst, ContinuousClock.now - began)
            try? await ContinuousClock().sleep(for: Self.pause)
        }
        return worst.milliseconds
    }
}
