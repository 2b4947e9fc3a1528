/// What is to be hashed for the digest at an index of the log.
package struct DigestPart: Sendable {
    /// What the digest is made of.
    package enum Basis: Sendable {
        /// The whole store.
        case whole(StoreState)
        /// The objects that changed since the part at the index, which is the one before.
        case since(UInt64, TouchedObjects)
    }

    /// The last entry that counts.
    package let index: UInt64
    package let basis: Basis

    /// The part at `index`.
    package init(index: UInt64, basis: Basis) {
        self.index = index
        self.basis = basis
    }
}
