import Synchronization

/// A moment by which something has to happen, for who can move it on.
final class LinkWatch: Sendable {
    /// The moment passed.
    struct Expired: Error {}

    private let limit: Mutex<ContinuousClock.Instant?>

    /// Something has to happen within `duration` from now.
    init(_ duration: Duration) { self.limit = Mutex(ContinuousClock.now + duration) }

    /// Something more has to happen within `duration` from now; nothing more if that is nil.
    func extend(_ duration: Duration?) {
        self.limit.withLock { $0 = duration.map { ContinuousClock.now + $0 } }
    }

    /// Throws `Expired` when the moment passed; looks again every `interval`, since the moment may move.
    func run(every interval: Duration) async throws {
        while true {
            let now = ContinuousClock.now
            let limit = self.limit.withLock { $0 }
            if let limit, limit <= now { throw Expired() }
            try await ContinuousClock().sleep(until: min(limit ?? now + interval, now + interval))
        }
    }
}
