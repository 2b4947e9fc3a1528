package import Primitives
package import SwarmAPI

/// A change that a reconciler asks for.
///
/// It names the version that the decision was made on: where the object has changed since, the edit is
/// dropped, and the commit that overtook it makes the reconciler look again.
package enum StoreEdit: Sendable, Equatable {
    case create(StoreValue)
    /// Replaces the object if its version is still `value.meta.version`.
    case update(StoreValue)
    /// Replaces the task as `update` does, if besides its node is there and ready.
    case assign(SwarmTask)
    /// Removes the object if it is still there.
    case remove(ObjectKind, id: String)
}

/// A pure component of the leader: it watches commits and says what should change.
///
/// The shell calls `observe` for each commit since `plan` was last called, commits the edits, and calls
/// `plan` again when there are new commits or when `deadline` has passed. Deciding twice on the same
/// state must ask for nothing new.
package protocol Reconciler: Sendable {
    /// Begins a leader's term on `state`.
    mutating func start(on state: StoreState, now: Timestamp)

    /// Notes what a commit changed.
    mutating func observe(_ commit: Commit, now: Timestamp)

    /// Says what should change, and takes the work off the list.
    ///
    /// `generator` gives the identifiers of new objects.
    mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit]

    /// When to plan next even if nothing is committed; nil for never.
    var deadline: Timestamp? { get }
}
