import Foundation
import Glibc
import Synchronization

/// Reads a terminal on a thread of its own, so that each piece of output has its true time.
package final class TerminalRecorder: Sendable {
    /// What one read gave.
    package struct Chunk: Sendable {
        /// When it was read.
        package let at: ContinuousClock.Instant
        /// What was read.
        package let bytes: [UInt8]
    }

    private struct Record {
        var chunks: [Chunk] = []
        var screen: TerminalScreen
    }

    /// More than any frame of ours.
    private static let chunkLimit = 65_536
    /// Into how many reads a second of a slow link is cut.
    private static let slices = 50
    /// How soon the thread sees that it should stop, in milliseconds.
    private static let patience: Int32 = 50

    private let record: Mutex<Record>
    private let isStopped = Mutex(false)
    /// How many bytes are read in a second at most; nil for all that come.
    private let rate = Mutex<Int?>(nil)

    /// Reads `master` until it is told to stop, and closes it then.
    init(master: Int32, columns: Int, rows: Int) {
        self.record = Mutex(Record(screen: TerminalScreen(columns: columns, rows: rows)))
        Thread.detachNewThread { [self] in self.read(master) }
    }

    var screen: TerminalScreen { self.record.withLock { $0.screen } }

    var chunks: [Chunk] { self.record.withLock { $0.chunks } }

    func resize(columns: Int, rows: Int) {
        self.record.withLock { $0.screen.resize(columns: columns, rows: rows) }
    }

    func throttle(_ rate: Int?) { self.rate.withLock { $0 = rate } }

    func stop() { self.isStopped.withLock { $0 = true } }

    private func read(_ master: Int32) {
        var bytes = [UInt8](repeating: 0, count: Self.chunkLimit)
        // A negative descriptor is one that poll leaves out.
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        while !self.isStopped.withLock({ $0 }) {
            guard poll(&waiting, 1, Self.patience) > 0 else { continue }
            let limit = self.rate.withLock { $0 }.map { max(1, $0 / Self.slices) } ?? Self.chunkLimit
            if limit < Self.chunkLimit { usleep(UInt32(1_000_000 / Self.slices)) }
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(master, $0.baseAddress, min(limit, $0.count))
            }
            if count > 0 {
                self.take(Chunk(at: .now, bytes: Array(bytes.prefix(count))))
            } else if count == 0 || errno != EINTR {
                waiting.fd = -1
            }
        }
        close(master)
    }

    private func take(_ chunk: Chunk) {
        self.record.withLock {
            $0.chunks.append(chunk)
            $0.screen.feed(chunk.bytes)
        }
    }
}
