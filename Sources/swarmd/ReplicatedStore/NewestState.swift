package import StoreCore
import Synchronization

/// The newest committed state, which every thread may read without waiting for the store's turn.
///
/// It is there before anybody is told that a change is committed: who asked for a change finds it here afterwards.
/// Commits change it in place, an entry at a time: whoever took a copy keeps what it saw, and the next changes
/// copy the way to each object anew until that copy is gone.
package final class NewestState: Sendable {
    private let held = Mutex(StoreState())

    init() {}

    /// The state; a copy costs a reference a table, and what is changed while it is kept is copied.
    package var state: StoreState { self.held.withLock { $0 } }

    /// What `body` finds in the state; nobody changes or reads it meanwhile.
    func read<Result: Sendable>(_ body: (borrowing StoreState) -> Result) -> Result {
        self.held.withLock { body($0) }
    }

    /// Changes the state by `body`; nobody reads it meanwhile.
    func change<Result: Sendable>(_ body: (inout StoreState) throws -> Result) rethrows -> Result {
        try self.held.withLock { try body(&$0) }
    }
}
