import DequeModule
import ReplicatedStore
import Synchronization

/// The events on their way to the store.
///
/// None is ever dropped: what waits here is bounded by whoever posts, who asks `bytes` first.
final class EventOutbox: Sendable {
    private struct State {
        var events = Deque<LogEvent>()
        var bytes = 0
        var reader: CheckedContinuation<LogEvent?, Never>?
        var finished = false
    }

    private let state = Mutex(State())

    /// The bytes of the committed entries that nobody took yet.
    var bytes: Int { self.state.withLock { $0.bytes } }

    /// The stream for the one reader; it ends when the reader is cancelled, or after `finish` and the
    /// events before.
    func stream() -> AsyncStream<LogEvent> {
        AsyncStream(unfolding: { await self.next() }, onCancel: { self.cancel() })
    }

    func post(_ event: LogEvent) {
        let reader: CheckedContinuation<LogEvent?, Never>? = self.state.withLock { state in
            guard !state.finished else { return nil }
            if let reader = state.reader.take() { return reader }
            state.bytes += event.committedBytes
            state.events.append(event)
            return nil
        }
        reader?.resume(returning: event)
    }

    func finish() { self.end { $0.finished = true } }

    private func cancel() {
        self.end {
            $0.finished = true
            $0.events.removeAll()
            $0.bytes = 0
        }
    }

    private func end(_ change: @Sendable (inout State) -> Void) {
        let reader = self.state.withLock { state in
            change(&state)
            return state.reader.take()
        }
        reader?.resume(returning: nil)
    }

    private func next() async -> LogEvent? {
        await withCheckedContinuation { continuation in
            let ready: LogEvent?? = self.state.withLock { state in
                if let event = state.events.popFirst() {
                    state.bytes -= event.committedBytes
                    return .some(event)
                }
                if state.finished { return .some(nil) }
                precondition(state.reader == nil, "the log's events have two readers")
                state.reader = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
