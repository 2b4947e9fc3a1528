import Foundation
import Primitives

/// The clock of the worker's shells; tests drive one of their own.
struct WorkerClock: Sendable {
    /// The wall clock, for time stamps and the state machine's pauses.
    var now: @Sendable () -> Timestamp
    /// Suspends for a span; throws when cancelled.
    var sleep: @Sendable (Duration) async throws -> Void

    /// The machine's own clock.
    static let system = Self(
        now: { Timestamp(nanoseconds: Int64(Date().timeIntervalSince1970 * 1_000_000_000)) },
        sleep: { try await ContinuousClock().sleep(for: $0) }
    )
}
