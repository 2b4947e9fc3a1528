import DequeModule
import StoreCore

/// The last commits, kept so that a watcher that was cut off can resume where it was.
///
/// Their states are not: each would keep alive what later ones replaced, and no tree could be changed in place.
struct CommitHistory {
    private var commits = Deque<Past>()
    private var changes = 0
    /// Commits after this index are here.
    private(set) var base: UInt64
    private let limits: StoreLimits

    /// A commit without the state that it led to.
    struct Past {
        let index: UInt64
        let changes: [StoreChange]
    }

    init(base: UInt64, limits: StoreLimits) {
        self.base = base
        self.limits = limits
    }

    /// Adds a commit and forgets the oldest above the limits.
    mutating func append(_ commit: Past) {
        self.commits.append(commit)
        self.changes += commit.changes.count
        while self.commits.count > self.limits.historyCommits || self.changes > self.limits.historyChanges,
            let old = self.commits.popFirst()
        {
            self.changes -= old.changes.count
            self.base = old.index
        }
    }

    /// The commits after `index`, with the store as it is now, which is `version`; nil when some of them are
    /// forgotten.
    func after(_ index: UInt64, version: StoreVersion) -> [Commit]? {
        guard index >= self.base else { return nil }
        var low = self.commits.startIndex
        var high = self.commits.endIndex
        while low < high {
            let middle = (low + high) / 2
            if self.commits[middle].index <= index { low = middle + 1 } else { high = middle }
        }
        return self.commits[low...].map { Commit(index: $0.index, changes: $0.changes, version: version) }
    }
}
