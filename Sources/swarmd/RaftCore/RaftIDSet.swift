/// A small set of members in ascending order.
///
/// A sorted array, because groups are small and because nothing may depend on the order of a hash table.
package struct RaftIDSet: Sendable, Equatable, ExpressibleByArrayLiteral, Sequence {
    /// The members, ascending.
    package private(set) var elements: [RaftID]

    /// The set of these members; duplicates count once.
    package init(_ elements: some Sequence<RaftID>) {
        self.elements = []
        for id in elements { self.insert(id) }
    }

    /// The set of these members; duplicates count once.
    package init(arrayLiteral elements: RaftID...) { self.init(elements) }

    /// Whether it has no members.
    package var isEmpty: Bool { self.elements.isEmpty }

    /// The number of members.
    package var count: Int { self.elements.count }

    /// Whether `id` is a member.
    package func contains(_ id: RaftID) -> Bool { self.elements.contains(id) }

    /// Adds `id`, unless it is there already.
    package mutating func insert(_ id: RaftID) {
        let place = self.elements.firstIndex { $0 >= id } ?? self.elements.endIndex
        guard place == self.elements.endIndex || self.elements[place] != id else { return }
        self.elements.insert(id, at: place)
    }

    /// Takes `id` out, if it is there.
    package mutating func remove(_ id: RaftID) { self.elements.removeAll { $0 == id } }

    /// The members of either set.
    package func union(_ other: RaftIDSet) -> RaftIDSet {
        var union = self
        for id in other { union.insert(id) }
        return union
    }

    /// The number of members that only one of the two sets has.
    package func differences(from other: RaftIDSet) -> Int {
        self.elements.count { !other.contains($0) } + other.elements.count { !self.contains($0) }
    }

    /// Walks the members in ascending order.
    package func makeIterator() -> IndexingIterator<[RaftID]> { self.elements.makeIterator() }
}
