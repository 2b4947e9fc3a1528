/// What is not durable yet: a snapshot, entries, and how much of them is being written.
///
/// It may begin below the end of the stable log, which then is to be cut off by the next write.
struct UnstableLog: Sendable {
    /// The index of the first entry here, or of the one that would be.
    private(set) var offset: UInt64
    /// The index after the last entry whose write has begun.
    private(set) var offsetInProgress: UInt64
    private(set) var entries: [Entry] = []
    private(set) var snapshot: Snapshot?
    private(set) var isSnapshotInProgress = false

    /// Nothing, at the end of a stable log.
    init(offset: UInt64) {
        self.offset = offset
        self.offsetInProgress = offset
    }

    /// The index of the last entry here, else that of the snapshot, if there is either.
    var lastIndex: UInt64? {
        self.entries.isEmpty ? self.snapshot?.index : self.offset + UInt64(self.entries.count) - 1
    }

    /// The entries whose write has not begun.
    var nextEntries: ArraySlice<Entry> { self.entries[Int(self.offsetInProgress - self.offset)...] }

    /// The snapshot, if its write has not begun.
    var nextSnapshot: Snapshot? { self.isSnapshotInProgress ? nil : self.snapshot }

    /// The term at `index`, if that is here.
    func term(at index: UInt64) -> UInt64? {
        if index < self.offset {
            guard let snapshot = self.snapshot, snapshot.index == index else { return nil }
            return snapshot.term
        }
        let place = index - self.offset
        return place < UInt64(self.entries.count) ? self.entries[Int(place)].term : nil
    }

    /// The entries from `low` up to, not including, `high`; they must be here.
    func slice(from low: UInt64, to high: UInt64) -> ArraySlice<Entry> {
        precondition(
            low >= self.offset && low <= high && high <= self.offset + UInt64(self.entries.count),
            "entries \(low)..<\(high) of \(self.entries.count) unstable ones from \(self.offset)"
        )
        return self.entries[Int(low - self.offset)..<Int(high - self.offset)]
    }

    /// Adds entries, after cutting off what stands in their way.
    mutating func append(_ new: [Entry]) {
        guard let first = new.first?.index else { return }
        let end = self.offset + UInt64(self.entries.count)
        precondition(first <= end || self.entries.isEmpty, "entry \(first) after a log that ends at \(end)")
        if first == end {
            self.entries.append(contentsOf: new)
        } else if first <= self.offset {
            self.entries = new
            self.offset = first
            self.offsetInProgress = first
        } else {
            self.entries.removeSubrange(Int(first - self.offset)...)
            self.entries.append(contentsOf: new)
            self.offsetInProgress = min(self.offsetInProgress, first)
        }
    }

    /// Begins anew at a snapshot.
    mutating func restore(_ snapshot: Snapshot) {
        self.offset = snapshot.index + 1
        self.offsetInProgress = self.offset
        self.entries = []
        self.snapshot = snapshot
        self.isSnapshotInProgress = false
    }

    /// Notes that everything here is being written.
    mutating func acceptInProgress() {
        self.offsetInProgress = self.offset + UInt64(self.entries.count)
        if self.snapshot != nil { self.isSnapshotInProgress = true }
    }

    /// Forgets the entries up to `position`, which are durable.
    ///
    /// A position that is not here was overwritten since and tells nothing.
    mutating func stabilize(to position: EntryPosition) {
        guard position.index >= self.offset, self.term(at: position.index) == position.term else { return }
        let count = Int(position.index + 1 - self.offset)
        if count == self.entries.count {
            self.entries = []
        } else {
            self.entries.removeSubrange(..<count)
        }
        self.offset = position.index + 1
        self.offsetInProgress = max(self.offsetInProgress, self.offset)
    }

    /// Forgets the snapshot at `index`, which is durable.
    mutating func stabilizeSnapshot(at index: UInt64) {
        guard self.snapshot?.index == index else { return }
        self.snapshot = nil
        self.isSnapshotInProgress = false
    }
}
