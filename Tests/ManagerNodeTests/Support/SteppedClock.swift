import Primitives
import Synchronization

/// A clock that stands still until a test moves it.
final class SteppedClock: WallClock {
    private struct State: Sendable {
        var now: Timestamp
        var sleepers: [UInt64: Sleeper] = [:]
        var next: UInt64 = 0
    }

    private struct Sleeper: Sendable {
        let end: Timestamp
        let wake: AsyncStream<Never>.Continuation
    }

    private let state: Mutex<State>

    init(_ now: Timestamp = Timestamp(seconds: 1_700_000_000)) { self.state = Mutex(State(now: now)) }

    var now: Timestamp { self.state.withLock { $0.now } }

    /// How many wait for it to move.
    var sleepers: Int { self.state.withLock { $0.sleepers.count } }

    /// Moves the clock, backwards too, and wakes those whose time has come.
    func advance(by span: Duration) {
        self.state.withLock { state in
            state.now = state.now + span
            for (id, sleeper) in state.sleepers where sleeper.end <= state.now {
                sleeper.wake.finish()
                state.sleepers[id] = nil
            }
        }
    }

    func sleep(until moment: Timestamp) async throws {
        let (sleep, wake) = AsyncStream.makeStream(of: Never.self, bufferingPolicy: .bufferingOldest(1))
        let id: UInt64? = self.state.withLock { state in
            guard moment > state.now else { return nil }
            state.next += 1
            state.sleepers[state.next] = Sleeper(end: moment, wake: wake)
            return state.next
        }
        guard let id else { return }
        for await _ in sleep {}
        self.state.withLock { $0.sleepers[id] = nil }
        try Task.checkCancellation()
    }
}
