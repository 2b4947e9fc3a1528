import Synchronization

/// Whether what was written to a member arrives: it owes a receipt for every batch.
final class LinkReceipts: Sendable {
    private struct State {
        var written: UInt64 = 0
        var received: UInt64 = 0
    }

    private let state = Mutex(State())
    private let watch: LinkWatch
    private let limit: Duration

    /// Counts for `watch`, which expires `limit` after the oldest batch for which there is no receipt.
    init(_ watch: LinkWatch, limit: Duration) {
        self.watch = watch
        self.limit = limit
    }

    /// A batch is being written.
    func wrote() {
        self.state.withLock { state in
            if state.written == state.received { self.watch.extend(self.limit) }
            state.written += 1
        }
    }

    /// The member has `count` batches.
    func arrived(_ count: UInt64) {
        self.state.withLock { state in
            guard count > state.received else { return }
            state.received = min(count, state.written)
            self.watch.extend(state.received < state.written ? self.limit : nil)
        }
    }
}
