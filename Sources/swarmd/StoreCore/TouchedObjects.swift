/// The objects that changed since some moment, as they were then and as they are.
///
/// Who knows them needs no state of either moment, which would keep alive all that is replaced.
package struct TouchedObjects: Sendable {
    /// An object before and after; nil where it was not there.
    package struct Touched: Sendable {
        package let old: StoreValue?
        package fileprivate(set) var new: StoreValue?
    }

    /// Each object that changed.
    package private(set) var objects: [ObjectKey: Touched] = [:]

    /// What `changes` touched, which follow each other.
    package init(_ changes: [StoreChange] = []) { self.note(changes) }

    /// Adds what `changes` touched, which come after those before.
    package mutating func note(_ changes: [StoreChange]) {
        for change in changes {
            self.objects[ObjectKey(change.value), default: Touched(old: change.old, new: nil)].new =
                change.new
        }
    }
}
