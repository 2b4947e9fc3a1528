/// How good a node is for a task of a group; the least is the best.
struct Rank: Sendable, Comparable {
    /// Failures of the group's service there, where they are too many to be overlooked.
    var failures: Int
    /// Tasks of the service there.
    var serviceTasks: Int
    /// Tasks of any service there.
    var allTasks: Int
    /// The node's identifier: it decides between equals.
    let nodeID: String
    /// The node's place in the node set.
    let place: Int

    static func < (left: Self, right: Self) -> Bool {
        if left.failures != right.failures { return left.failures < right.failures }
        if left.serviceTasks != right.serviceTasks { return left.serviceTasks < right.serviceTasks }
        if left.allTasks != right.allTasks { return left.allTasks < right.allTasks }
        return left.nodeID < right.nodeID
    }
}

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
