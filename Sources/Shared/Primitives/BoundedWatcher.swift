/// One watcher's queue of events.
///
/// It never holds more than `limit` events: a watcher that falls behind finds its stream ended, and
/// reads the whole state again. A publisher therefore never waits for a reader.
package struct BoundedWatcher<Event: Sendable>: Sendable {
    package let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    package init(limit: Int) {
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
    }

    /// Hands `event` to the watcher; returns false when the watcher is gone or was ended for lagging.
    package func offer(_ event: Event) -> Bool {
        switch self.continuation.yield(event) {
        case .enqueued: return true
        case .dropped:
            self.continuation.finish()
            return false
        case .terminated: return false
        @unknown default: return false
        }
    }

    /// Ends the stream after the events that it holds.
    package func finish() { self.continuation.finish() }
}
