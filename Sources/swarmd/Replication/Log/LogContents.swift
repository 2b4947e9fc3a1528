package import SwarmAPI

/// What the records of a log amount to.
package struct LogContents: Sendable {
    /// The newest hard state; nil in a new log.
    package private(set) var hardState: RaftHardState?
    /// The entries without gaps, oldest first.
    package private(set) var entries: [LogEntry] = []
    /// The index before the first entry.
    private(set) var base: UInt64

    init(base: UInt64) { self.base = base }

    /// The last index, whether its entry is still there or not.
    package var lastIndex: UInt64 { self.entries.last?.index ?? self.base }

    /// The term of the entry at `index`; nil if it isn't there.
    func term(at index: UInt64) -> UInt64? {
        guard index > self.base, index <= self.lastIndex else { return nil }
        return self.entries[Int(index - self.base - 1)].term
    }

    /// Forgets all entries: a snapshot up to `index` took their place.
    mutating func restart(after index: UInt64) {
        self.entries = []
        self.base = index
    }

    /// Adds a record.
    ///
    /// An entry replaces what is at its index and behind, as in raft a new leader's do, unless that was
    /// committed. Returns what is wrong with the record.
    mutating func add(_ record: LogRecord) -> String? {
        switch record {
        case .mark: return nil
        case .hardState(let state):
            self.hardState = state
            return nil
        case .entry(let entry):
            guard entry.index > 0, entry.index <= self.lastIndex + 1 else {
                return "entry \(entry.index) follows entry \(self.lastIndex)"
            }
            if entry.index <= self.lastIndex {
                if let commit = self.hardState?.commit, entry.index <= commit {
                    return "entry \(entry.index) replaces a committed one"
                }
                // What it replaces may have gone with older segments.
                self.base = min(self.base, entry.index - 1)
                self.entries.removeLast(min(self.entries.count, Int(self.lastIndex - entry.index + 1)))
            }
            self.entries.append(entry)
            return nil
        }
    }
}
