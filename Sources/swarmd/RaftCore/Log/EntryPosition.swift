/// A place in a log; two logs with an entry at the same position agree up to there.
package struct EntryPosition: Sendable, Equatable {
    /// The term of the entry.
    package var term: UInt64
    /// The index of the entry.
    package var index: UInt64

    /// A position.
    package init(term: UInt64 = 0, index: UInt64 = 0) {
        self.term = term
        self.index = index
    }

    /// Whether a log that ends here is at least as complete as one that ends at `other` (paper 5.4.1).
    func isUpToDate(with other: EntryPosition) -> Bool {
        (self.term, self.index) >= (other.term, other.index)
    }
}
