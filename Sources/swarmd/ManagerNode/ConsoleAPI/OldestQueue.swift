import Primitives

/// Keeps names by the moment they came in, and tells which has been there longest.
///
/// A binary heap from which nothing is taken but stale tops: whoever asks says which entries still hold.
/// It is rebuilt when most of it is stale, so its size stays within a small factor of what it holds.
struct OldestQueue: Sendable {
    struct Entry: Sendable, Equatable {
        let at: Timestamp
        let id: String
    }

    /// Below this size a rebuild is not worth it.
    static let minimumSize = 64

    private var heap: [Entry] = []

    var count: Int { self.heap.count }

    mutating func insert(_ entry: Entry) {
        self.heap.append(entry)
        var child = self.heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.heap[child].at < self.heap[parent].at else { return }
            self.heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The moment of the oldest entry that `holds`; `live` is how many hold in all.
    mutating func oldest(live: Int, where holds: (Entry) -> Bool) -> Timestamp? {
        if self.heap.count > max(Self.minimumSize, 2 * live) { self.rebuild(holds) }
        while let top = self.heap.first {
            if holds(top) { return top.at }
            self.removeTop()
        }
        return nil
    }

    private mutating func rebuild(_ holds: (Entry) -> Bool) {
        // A sorted array is a heap.
        self.heap = self.heap.filter(holds).sorted { $0.at < $1.at }
    }

    private mutating func removeTop() {
        self.heap.swapAt(0, self.heap.count - 1)
        self.heap.removeLast()
        var parent = 0
        while true {
            let left = 2 * parent + 1
            let right = left + 1
            var least = parent
            if left < self.heap.count, self.heap[left].at < self.heap[least].at { least = left }
            if right < self.heap.count, self.heap[right].at < self.heap[least].at { least = right }
            guard least != parent else { return }
            self.heap.swapAt(parent, least)
            parent = least
        }
    }
}
