import GRPCCore
import Logging
import Primitives
import SwarmAPI

/// Tells the manager the statuses of tasks (SwarmKit `agent/reporter.go`).
///
/// The first change goes out at once; what changes while a call is under way goes together with the next.
struct StatusReporter: Sendable {
    typealias Send = @Sendable ([StatusQueue.Update]) async throws -> Void

    private let queue = Mailbox(StatusQueue())
    private let clock: WorkerClock
    private let log: Logger

    init(clock: WorkerClock, log: Logger) {
        self.clock = clock
        self.log = log
    }

    /// Notes the newest status of a task.
    func report(_ status: SwarmTaskStatus, of task: String) {
        self.queue.change { $0.note(status, of: task) }
    }

    /// Drops a task that the manager doesn't know any more.
    func forget(_ task: String) { self.queue.access { $0.forget(task) } }

    /// Reports through `send` while the session lasts, beginning with every status again.
    ///
    /// Throws what ends the session; passing failures are tried again for ever.
    func run(_ send: Send) async throws {
        self.queue.access { $0.restart() }
        for await _ in self.queue.wakes() {
            var backoff = Backoff(base: .milliseconds(100), limit: .seconds(8))
            var dice = SystemRandomNumberGenerator()
            while true {
                let updates = self.queue.access { $0.begin() }
                if updates.isEmpty { break }
                do {
                    try await send(updates)
                    self.queue.access { $0.succeed() }
                    backoff.reset()
                } catch let error as RPCError where error.code == .permissionDenied {
                    self.log.warning("the manager refused a status", metadata: ["error": "\(error.message)"])
                    self.queue.access { $0.refuse() }
                } catch {
                    self.queue.access { $0.fail() }
                    guard !error.endsSession else { throw error }
                    self.log.debug("statuses wait for the manager", metadata: ["error": "\(error)"])
                    try await self.clock.sleep(backoff.next(using: &dice))
                }
            }
        }
    }
}

extension Error {
    /// True for answers by which a manager says that the session is over.
    var endsSession: Bool {
        guard let error = self as? RPCError else { return self is CancellationError }
        return [.invalidArgument, .notFound, .aborted, .failedPrecondition, .cancelled].contains(error.code)
    }
}
