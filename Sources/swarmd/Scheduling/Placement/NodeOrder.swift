import SwarmAPI

/// The nodes that are ready, by how many tasks they have: an indexed heap, least loaded on top.
///
/// A group of tasks reads as many nodes off it as it needs (`Frontier`), so that one task costs O(log n) on a
/// cluster of n nodes. It must not change while a frontier is in use.
struct NodeOrder: Sendable {
    struct Entry: Sendable {
        var tasks: Int
        let nodeID: String
        let place: Int

        func precedes(_ other: Entry) -> Bool {
            self.tasks == other.tasks ? self.nodeID < other.nodeID : self.tasks < other.tasks
        }
    }

    private(set) var entries: [Entry] = []
    /// Where a node of the set stands in `entries`; -1 where it does not.
    private var positions: [Int]

    init(_ records: [NodeRecord]) {
        self.positions = Array(repeating: -1, count: records.count)
        self.entries.reserveCapacity(records.count)
        for (place, record) in records.enumerated() where record.isReady {
            self.entries.append(Entry(tasks: record.activeTasks, nodeID: record.node.id, place: place))
        }
        // An ascending array is a heap.
        self.entries.sort { $0.precedes($1) }
        for (position, entry) in self.entries.enumerated() { self.positions[entry.place] = position }
    }

    /// Notes how many tasks the node at `place` has now.
    mutating func update(_ place: Int, tasks: Int) {
        let position = self.positions[place]
        guard position >= 0, self.entries[position].tasks != tasks else { return }
        let isLess = tasks < self.entries[position].tasks
        self.entries[position].tasks = tasks
        if isLess { self.rise(position) } else { self.sink(position) }
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.entries[child].precedes(self.entries[parent]) else { return }
            self.swap(child, parent)
            child = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < self.entries.count else { return }
            if child + 1 < self.entries.count, self.entries[child + 1].precedes(self.entries[child]) {
                child += 1
            }
            guard self.entries[child].precedes(self.entries[parent]) else { return }
            self.swap(child, parent)
            parent = child
        }
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        self.entries.swapAt(left, right)
        self.positions[self.entries[left].place] = left
        self.positions[self.entries[right].place] = right
    }
}

/// The part of a node order that was read so far; what follows is found below what was read.
struct Frontier: Sendable {
    /// Positions whose parents were read: a heap by the entries that stand there.
    private var open: [Int] = []

    init(_ order: NodeOrder) { if !order.entries.isEmpty { self.open = [0] } }

    /// The next entry, which stays.
    func peek(_ order: NodeOrder) -> NodeOrder.Entry? { self.open.first.map { order.entries[$0] } }

    /// Reads the next entry.
    mutating func advance(_ order: NodeOrder) {
        guard let position = self.open.first else { return }
        let children = (2 * position + 1)...(2 * position + 2)
        if children.lowerBound < order.entries.count {
            self.open[0] = children.lowerBound
            self.sink(order)
            if children.upperBound < order.entries.count { self.push(children.upperBound, order) }
        } else if let last = self.open.popLast(), !self.open.isEmpty {
            self.open[0] = last
            self.sink(order)
        }
    }

    private mutating func push(_ position: Int, _ order: NodeOrder) {
        self.open.append(position)
        var child = self.open.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard order.entries[self.open[child]].precedes(order.entries[self.open[parent]]) else { return }
            self.open.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func sink(_ order: NodeOrder) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < self.open.count else { return }
            if child + 1 < self.open.count,
                order.entries[self.open[child + 1]].precedes(order.entries[self.open[child]])
            {
                child += 1
            }
            guard order.entries[self.open[child]].precedes(order.entries[self.open[parent]]) else { return }
            self.open.swapAt(child, parent)
            parent = child
        }
    }
}
