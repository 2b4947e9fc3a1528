import Logging
import Primitives
import SwarmAPI

/// Writes statuses to the database, many per transaction.
///
/// Nothing waits for it: what a crash loses, the executors tell again when their tasks are adopted.
struct StatusKeeper: Sendable {
    private let pending = Mailbox<[String: SwarmTaskStatus]>([:])
    private let database: TaskDatabase
    private let clock: WorkerClock
    private let log: Logger

    init(database: TaskDatabase, clock: WorkerClock, log: Logger) {
        self.database = database
        self.clock = clock
        self.log = log
    }

    /// Notes the newest status of a task.
    func keep(_ status: SwarmTaskStatus, of task: String) {
        self.pending.change { $0[task] = status }
    }

    /// Writes until cancelled; a disk that fails is tried again, as tasks need no disk to go on.
    func run() async {
        var backoff = Backoff(base: .milliseconds(100), limit: .seconds(8))
        var dice = SystemRandomNumberGenerator()
        for await _ in self.pending.wakes() {
            let batch = self.pending.access { pending in
                defer { pending = [:] }
                return pending
            }
            guard !batch.isEmpty else { continue }
            do {
                try await self.database.save(statuses: batch)
                backoff.reset()
            } catch is CancellationError {
                return
            } catch {
                self.log.error("task statuses can't be written", metadata: ["error": "\(error)"])
                self.pending.change { $0.merge(batch) { newer, _ in newer } }
                do { try await self.clock.sleep(backoff.next(using: &dice)) } catch { return }
            }
        }
    }
}
