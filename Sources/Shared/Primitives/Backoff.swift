/// Exponential back-off with full jitter: each delay is drawn from zero up to a ceiling that doubles.
///
/// Jitter keeps the agents of a restarted manager from returning in step
/// (SwarmKit `agent/session.go`, `exponentialBackoff`).
package struct Backoff: Sendable {
    private let base: Duration
    private let limit: Duration
    private var ceiling: Duration

    /// The first ceiling is `base`; no delay is longer than `limit`.
    package init(base: Duration, limit: Duration) {
        self.base = base
        self.limit = limit
        self.ceiling = base
    }

    /// Draws the delay before the next attempt.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let delay = Int64.random(in: 0...self.ceiling.wholeNanoseconds, using: &generator)
        self.ceiling = min(self.limit, self.ceiling * 2)
        return .nanoseconds(delay)
    }

    /// Starts again from the first ceiling, after a success.
    package mutating func reset() { self.ceiling = self.base }
}
