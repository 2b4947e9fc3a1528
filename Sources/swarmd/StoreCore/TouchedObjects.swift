/// The objects that changed since some moment, as they were then.
///
/// Who knows them needs no state of that moment, which would keep alive all that was replaced since.
package struct TouchedObjects: Sendable {
    /// Each object that changed; nil for one that was not there.
    package private(set) var old: [ObjectKey: StoreValue?] = [:]

    /// What `changes` touched, which follow each other.
    package init(_ changes: [StoreChange] = []) { self.note(changes) }

    /// Adds what `changes` touched, which come after those before.
    package mutating func note(_ changes: [StoreChange]) {
        for change in changes {
            let key = ObjectKey(change.value)
            if self.old.index(forKey: key) == nil { self.old.updateValue(change.old, forKey: key) }
        }
    }
}
