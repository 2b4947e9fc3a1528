import Synchronization

/// A clock that stands still until a test lets one of its sleepers wake.
final class HeldClock: Clock {
    struct Instant: InstantProtocol {
        var offset = Duration.zero

        func advanced(by duration: Duration) -> Self { Self(offset: self.offset + duration) }
        func duration(to other: Self) -> Duration { other.offset - self.offset }
        static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let number: Int
        let span: Duration
        let deadline: Instant
        let alarm: AsyncStream<Void>.Continuation
    }

    private struct State {
        var now = Instant()
        var sleepers: [Sleeper] = []
        var count = 0
    }

    private let state = Mutex(State())
    private let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() {
        (self.arrivals, self.arrived) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var now: Instant { self.state.withLock { $0.now } }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let (wake, alarm) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let number = self.state.withLock { state in
            state.count += 1
            let span = state.now.duration(to: deadline)
            state.sleepers.append(
                Sleeper(number: state.count, span: span, deadline: deadline, alarm: alarm)
            )
            return state.count
        }
        defer { self.state.withLock { $0.sleepers.removeAll { $0.number == number } } }
        self.arrived.yield()
        for await _ in wake {}
        try Task.checkCancellation()
    }

    /// Waits for a sleep whose span is in `spans`, moves on to its end, and returns the span.
    ///
    /// Other sleepers that are due by then wake too.
    @discardableResult
    func pass(_ spans: ClosedRange<Duration>) async throws -> Duration {
        while true {
            if let span = self.wakeOne(spans) { return span }
            for await _ in self.arrivals { break }
            try Task.checkCancellation()
        }
    }

    private func wakeOne(_ spans: ClosedRange<Duration>) -> Duration? {
        self.state.withLock { state in
            guard let sleeper = state.sleepers.first(where: { spans.contains($0.span) }) else { return nil }
            state.now = max(state.now, sleeper.deadline)
            for due in state.sleepers where due.deadline <= state.now { due.alarm.finish() }
            state.sleepers.removeAll { $0.deadline <= state.now }
            return sleeper.span
        }
    }
}
