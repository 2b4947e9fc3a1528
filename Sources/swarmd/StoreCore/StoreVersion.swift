/// The whole store behind an entry of the log.
///
/// An object, since many share it: a copy of a state costs a reference a table.
package final class StoreVersion: Sendable {
    /// The last entry in `state`.
    package let index: UInt64
    /// The whole store.
    package let state: StoreState

    /// The store behind the entry at `index`.
    package init(_ state: StoreState, index: UInt64) {
        self.index = index
        self.state = state
    }
}
