import Glibc
package import Primitives

/// The machine's wall clock.
package struct SystemClock: WallClock {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Waits on the monotonic clock, so that a step of the wall clock neither wakes nor holds the caller.
    package func sleep(until moment: Timestamp) async throws {
        let wait = moment - self.now
        if wait > .zero { try await Task.sleep(for: wait) }
    }
}
