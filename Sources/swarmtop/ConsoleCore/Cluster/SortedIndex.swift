/// What a sorted index orders by; the identifier is its last part, so that no two are equal.
protocol SortKey: Comparable, Sendable {
    var id: String { get }
}

/// Identifiers in a fixed order, kept sorted by insertion: a change costs a binary search and a move.
struct SortedIndex<Key: SortKey>: Sendable {
    private(set) var keys: [Key] = []

    var count: Int { self.keys.count }

    init() {}

    init(_ keys: [Key]) { self.keys = keys.sorted() }

    mutating func insert(_ key: Key) {
        self.keys.insert(key, at: self.position(of: key))
    }

    mutating func remove(_ key: Key) {
        let position = self.position(of: key)
        guard position < self.keys.count, self.keys[position] == key else { return }
        self.keys.remove(at: position)
    }

    /// The first position whose key is not before `key`.
    private func position(of key: Key) -> Int {
        var low = 0
        var high = self.keys.count
        while low < high {
            let middle = (low + high) / 2
            if self.keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Orders by a rank, then a name, then the identifier.
struct NameKey: SortKey {
    var rank: Int
    var name: String
    var id: String

    static func < (left: Self, right: Self) -> Bool {
        (left.rank, left.name, left.id) < (right.rank, right.name, right.id)
    }
}

/// Orders tasks by a rank, then service and slot, the newest of a slot first.
struct TaskKey: SortKey {
    var rank: Int
    var service: String
    var slot: UInt64
    /// Minus the moment of creation.
    var age: Int64
    var id: String

    static func < (left: Self, right: Self) -> Bool {
        if left.rank != right.rank { return left.rank < right.rank }
        if left.service != right.service { return left.service < right.service }
        return (left.slot, left.age, left.id) < (right.slot, right.age, right.id)
    }
}
