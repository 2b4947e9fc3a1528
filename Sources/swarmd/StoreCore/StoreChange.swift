/// What a transaction did to one object.
package enum StoreChange: Sendable, Equatable {
    case create(StoreValue)
    case update(StoreValue, old: StoreValue)
    case remove(StoreValue)

    /// The object after the change; for a removal, the object that was there.
    package var value: StoreValue {
        switch self {
        case .create(let value), .update(let value, _), .remove(let value): value
        }
    }

    /// The object after the change; nil for a removal.
    package var new: StoreValue? {
        switch self {
        case .create(let value), .update(let value, _): value
        case .remove: nil
        }
    }

    /// The object before the change; nil for a creation.
    package var old: StoreValue? {
        switch self {
        case .create: nil
        case .update(_, let old), .remove(let old): old
        }
    }
}

/// One committed transaction: what watchers see.
///
/// An object, since it goes through the queue of every watcher.
package final class Commit: Sendable {
    /// The log index of the entry; grows from commit to commit.
    package let index: UInt64
    /// What changed, in the order of the transaction.
    package let changes: [StoreChange]
    /// The store after the changes; further on where several entries were carried out together, or where a
    /// watcher resumed that was cut off.
    package let version: StoreVersion

    /// The kinds of what changed.
    package let kinds: ObjectKinds

    /// The whole store as of `version`.
    package var state: StoreState { self.version.state }

    /// A commit that was carried out alone and led to `state`.
    package convenience init(index: UInt64, changes: [StoreChange], state: StoreState) {
        self.init(index: index, changes: changes, version: StoreVersion(state, index: index))
    }

    /// A commit that led to `version`, as others after it may have done too.
    package init(index: UInt64, changes: [StoreChange], version: StoreVersion) {
        precondition(index <= version.index, "commit \(index) led to the store at \(version.index)")
        self.index = index
        self.changes = changes
        self.version = version
        self.kinds = ObjectKinds(of: changes)
    }
}
