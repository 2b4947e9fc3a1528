/// The nodes that can take a group's tasks, the best on top (a binary heap).
struct CandidateHeap: Sendable {
    private var items: [Rank]

    init(_ items: [Rank]) {
        // An ascending array is a heap.
        self.items = items.sorted()
    }

    var best: Rank? { self.items.first }

    /// Puts `item` in the place of the best, and finds the new best.
    mutating func replaceBest(with item: Rank) {
        self.items[0] = item
        self.sink()
    }

    /// Adds a candidate.
    mutating func insert(_ item: Rank) {
        self.items.append(item)
        var child = self.items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.items[child] < self.items[parent] else { return }
            self.items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeBest() {
        guard let last = self.items.popLast(), !self.items.isEmpty else { return }
        self.replaceBest(with: last)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < self.items.count else { return }
            if child + 1 < self.items.count, self.items[child + 1] < self.items[child] { child += 1 }
            guard self.items[child] < self.items[parent] else { return }
            self.items.swapAt(parent, child)
            parent = child
        }
    }
}
