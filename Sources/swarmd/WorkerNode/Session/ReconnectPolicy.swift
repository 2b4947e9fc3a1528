import Primitives

/// How long to wait before the next session.
///
/// A manager that restarts is back within seconds, and its nodes should be too: in the minute after a
/// session was lost retries are quick. Beyond, they follow SwarmKit's back-off (`agent/session.go`).
struct ReconnectPolicy: Sendable {
    /// How long after the loss of a session retries are quick.
    static let quickWindow: Duration = .seconds(60)
    /// The longest pause between quick retries.
    static let quickPause: Duration = .milliseconds(250)
    /// A session that was shorter doesn't count: it would keep a flapping manager under quick retries.
    static let shortestSession: Duration = .seconds(1)

    /// The longest pause of a node that was removed: nothing but an operator brings it back.
    static let dismissedPause: Duration = .seconds(600)

    private var backoff = Backoff(base: .milliseconds(100), limit: .seconds(8))
    /// Set from when on the cluster says that it removed the node.
    private var slow: Backoff?
    private var quickUntil: Timestamp

    /// Begins with a quick window, as nodes and managers often start together.
    init(now: Timestamp) { self.quickUntil = now + Self.quickWindow }

    /// A session was lost that lasted for `length`.
    mutating func lost(after length: Duration, now: Timestamp) {
        guard length >= Self.shortestSession else { return }
        self.backoff.reset()
        self.slow = nil
        self.quickUntil = now + Self.quickWindow
    }

    /// A manager said that the node was removed.
    mutating func dismissed() {
        self.slow = self.slow ?? Backoff(base: .seconds(8), limit: Self.dismissedPause)
    }

    /// Draws the pause before the next attempt.
    mutating func pause(now: Timestamp, using dice: inout some RandomNumberGenerator) -> Duration {
        if let pause = self.slow?.next(using: &dice) { return pause }
        guard now < self.quickUntil else { return self.backoff.next(using: &dice) }
        return .nanoseconds(Int64.random(in: 0...Self.quickPause.wholeNanoseconds, using: &dice))
    }
}
