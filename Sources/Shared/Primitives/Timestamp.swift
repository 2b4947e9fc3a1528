/// A moment on the wall clock, in nanoseconds since 1970-01-01T00:00:00Z.
///
/// Pure modules get it as a parameter; only shells read the clock.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// A moment `seconds` after the epoch; for tests and fixtures.
    package init(seconds: Int64) { self.nanoseconds = seconds * 1_000_000_000 }

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func + (moment: Self, duration: Duration) -> Self {
        Self(nanoseconds: moment.nanoseconds &+ duration.wholeNanoseconds)
    }

    package static func - (later: Self, earlier: Self) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }
}

extension Duration {
    /// The duration in whole nanoseconds, up to 292 years of them.
    package var wholeNanoseconds: Int64 {
        self.components.seconds &* 1_000_000_000 &+ self.components.attoseconds / 1_000_000_000
    }
}
