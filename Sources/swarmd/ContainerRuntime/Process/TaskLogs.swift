import Execution
import LinuxSystem
import SwarmAPI
import Synchronization

/// A task's output as a stream that the consumer pulls: nothing is read ahead, nothing is queued.
final class TaskLogs: Sendable {
    /// How often a follower looks for more.
    private static let interval: Duration = .milliseconds(100)

    private let folder: TaskFolder
    private let follows: Bool
    private let reader: Mutex<LogReader>

    init(_ folder: TaskFolder, _ options: SwarmLogSubscriptionOptions) {
        self.folder = folder
        self.follows = options.follow
        self.reader = Mutex(LogReader(directory: folder.path, options))
    }

    /// The next line; nil at the end of the output.
    func next() async throws -> LogChunk? {
        while true {
            try Task.checkCancellation()
            if let chunk = self.reader.withLock({ $0.next() }) { return chunk }
            // Asked between the reads: what was written before the end is found by the second.
            let isOver = try !self.follows || self.isOver()
            if let chunk = self.reader.withLock({ $0.next() }) { return chunk }
            if isOver { return self.reader.withLock { $0.takePiece() } }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func isOver() throws -> Bool {
        guard Files.exists(self.folder.path) else { return true }
        switch try self.folder.state() {
        case .ended, .lost, .withdrawn: return true
        case .unclaimed, .starting, .running: return false
        }
    }
}
