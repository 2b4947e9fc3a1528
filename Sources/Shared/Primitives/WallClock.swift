/// The wall clock, as a component sees it: real in the daemon, driven by hand in tests.
package protocol WallClock: Sendable {
    /// The present moment.
    var now: Timestamp { get }

    /// Returns once `moment` has passed; throws `CancellationError` when the caller is cancelled.
    func sleep(until moment: Timestamp) async throws
}
