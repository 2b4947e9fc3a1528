package import StoreCore
import Synchronization

/// The newest committed state, for whoever cannot wait for its turn with the store.
///
/// It is there before anybody is told that a change is committed: who asked for a change finds it here afterwards.
package final class NewestState: Sendable {
    private let held = Mutex(StoreState())

    /// The state; a copy costs next to nothing.
    package var state: StoreState { self.held.withLock { $0 } }

    func set(_ state: StoreState) { self.held.withLock { $0 = state } }
}
