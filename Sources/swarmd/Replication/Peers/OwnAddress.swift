import Synchronization

/// Where a member itself listens; empty until it does.
final class OwnAddress: Sendable {
    private let stored = Mutex("")

    var text: String {
        get { self.stored.withLock { $0 } }
        set { self.stored.withLock { $0 = newValue } }
    }
}
