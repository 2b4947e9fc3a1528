package import Primitives

/// A clock that starts at the wall clock's time and never jumps after that: for deadlines.
package struct SteadyClock: WallClock {
    private let start = SystemClock().now
    private let origin = ContinuousClock.now

    /// A clock that starts now.
    package init() {}

    package var now: Timestamp { self.start + (ContinuousClock.now - self.origin) }

    package func sleep(until moment: Timestamp) async throws {
        try await ContinuousClock().sleep(for: max(.zero, moment - self.now))
    }
}
