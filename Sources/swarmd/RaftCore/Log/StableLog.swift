/// What a member has made durable, as far as it is held in memory: hard state, snapshot, and the entries
/// after the last compaction.
///
/// The driver writes to disk first and changes this value afterwards. Appending and compacting cost what they
/// touch, not what is there.
package struct StableLog: Sendable, Equatable {
    /// Below how many freed places the array is left as it is.
    private static let smallestWaste = 256

    /// The newest hard state.
    package var hardState: HardState
    /// The newest snapshot; empty before the first.
    package private(set) var snapshot: Snapshot
    /// The entry before the first one that is held.
    package private(set) var base: EntryPosition
    /// The entries from `head` on; the places before are free.
    private var slots: [Entry] = []
    private var head = 0

    /// A log as it is found: everything after `base`, which defaults to the snapshot's end.
    ///
    /// The entries must follow `base` without a gap.
    package init(
        hardState: HardState = HardState(),
        snapshot: Snapshot = Snapshot(),
        base: EntryPosition? = nil,
        entries: [Entry] = []
    ) {
        self.hardState = hardState
        self.snapshot = snapshot
        self.base = base ?? snapshot.position
        precondition(
            self.base.index <= snapshot.index,
            "the log begins after \(self.base.index), the snapshot ends at \(snapshot.index)"
        )
        self.append(entries)
    }

    /// The index of the first entry that is held, or would be.
    package var firstIndex: UInt64 { self.base.index + 1 }

    /// The index of the last entry; that of `base` if none is held.
    package var lastIndex: UInt64 { self.base.index + UInt64(self.count) }

    /// The number of entries that are held.
    package var count: Int { self.slots.count - self.head }

    /// The term of the entry at `index`; nil if it is compacted or not there yet.
    package func term(at index: UInt64) -> UInt64? {
        if index == self.base.index { return self.base.term }
        guard index > self.base.index, index <= self.lastIndex else { return nil }
        return self.slots[self.place(of: index)].term
    }

    /// The entries from `low` up to, not including, `high`, as far as `limit` bytes reach; at least one.
    ///
    /// They must be held.
    package func entries(from low: UInt64, to high: UInt64, limit: UInt64 = .max) -> [Entry] {
        precondition(
            low >= self.firstIndex && low <= high && high <= self.lastIndex + 1,
            "entries \(low)..<\(high) of a log of \(self.firstIndex)...\(self.lastIndex)"
        )
        let wanted = self.slots[self.place(of: low)..<self.place(of: high)]
        return Array(limit == .max ? wanted : wanted.prefix(wanted.countWithin(limit)))
    }

    /// Adds entries; those that stand in their way are cut off with everything after them.
    ///
    /// What is compacted is skipped. A gap is a mistake of the driver.
    package mutating func append(_ entries: [Entry]) {
        guard let first = entries.first, let last = entries.last, last.index >= self.firstIndex else {
            return
        }
        precondition(
            first.index <= self.lastIndex + 1,
            "entry \(first.index) appended to a log that ends at \(self.lastIndex)"
        )
        let start = max(first.index, self.firstIndex)
        self.slots.removeSubrange(self.place(of: start)...)
        self.slots.append(contentsOf: entries[Int(start - first.index)...])
    }

    /// Drops the entries up to and including `index`.
    ///
    /// They must be applied and covered by the snapshot, else a follower that lacks them could not be helped.
    package mutating func compact(through index: UInt64) {
        guard index > self.base.index else { return }
        precondition(
            index <= self.snapshot.index,
            "compacted to \(index), but the snapshot ends at \(self.snapshot.index)"
        )
        guard let term = self.term(at: index) else {
            preconditionFailure("compacted to \(index), but the log ends at \(self.lastIndex)")
        }
        let kept = self.place(of: index) + 1
        for place in self.head..<kept { self.slots[place] = Entry() }
        self.head = kept
        self.base = EntryPosition(term: term, index: index)
        if self.head >= Self.smallestWaste, self.head * 2 >= self.slots.count {
            self.slots.removeSubrange(..<self.head)
            self.head = 0
        }
    }

    /// Notes that the state machine's snapshot at an entry of this log is durable; compacts nothing.
    package mutating func record(_ snapshot: Snapshot) {
        precondition(
            snapshot.index >= self.snapshot.index && self.term(at: snapshot.index) == snapshot.term,
            "snapshot \(snapshot.term)/\(snapshot.index) of a log of \(self.firstIndex)...\(self.lastIndex)"
        )
        self.snapshot = snapshot
    }

    /// Begins anew at a snapshot that came from the leader; an older one than ours is ignored.
    package mutating func restore(_ snapshot: Snapshot) {
        guard snapshot.index > self.snapshot.index else { return }
        self.snapshot = snapshot
        self.base = snapshot.position
        self.slots = []
        self.head = 0
    }

    private func place(of index: UInt64) -> Int { self.head + Int(index - self.firstIndex) }
}
