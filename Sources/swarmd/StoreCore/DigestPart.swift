/// What is to be hashed for the digest at an index of the log.
package struct DigestPart: Sendable {
    /// The last entry in `state`.
    package let index: UInt64
    /// The whole store.
    package let state: StoreState
    /// The index of the part before, since which only `touched` may have changed; nil when all may have.
    package let since: UInt64?
    /// The objects that changed.
    package let touched: TouchedObjects

    /// The part at `index`.
    package init(index: UInt64, state: StoreState, since: UInt64?, touched: TouchedObjects) {
        self.index = index
        self.state = state
        self.since = since
        self.touched = touched
    }
}
