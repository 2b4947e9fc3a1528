/// The log as the algorithm sees it: what is durable, then what is not yet, and how far it is committed and
/// applied.
struct RaftLog: Sendable {
    var stable: StableLog
    private(set) var unstable: UnstableLog
    /// Up to where a quorum is known to hold the log.
    private(set) var committed: UInt64
    /// Up to where entries were handed out for applying.
    private(set) var applying: UInt64
    /// Up to where entries are applied.
    private(set) var applied: UInt64
    private let applyingLimit: UInt64
    private var applyingBytes: UInt64 = 0
    private var isApplyingPaused = false

    /// The log over what is durable; at most `applyingLimit` bytes are being applied at a time.
    init(_ stable: StableLog, applyingLimit: UInt64) {
        self.stable = stable
        self.unstable = UnstableLog(offset: stable.lastIndex + 1)
        self.committed = stable.base.index
        self.applying = stable.base.index
        self.applied = stable.base.index
        self.applyingLimit = max(applyingLimit, 1)
    }

    var firstIndex: UInt64 { self.unstable.snapshot.map { $0.index + 1 } ?? self.stable.firstIndex }

    var lastIndex: UInt64 { self.unstable.lastIndex ?? self.stable.lastIndex }

    var lastPosition: EntryPosition {
        let index = self.lastIndex
        guard let term = self.term(at: index) else {
            preconditionFailure("the last entry \(index) has no term")
        }
        return EntryPosition(term: term, index: index)
    }

    /// The snapshot to give to others; nil if there is none.
    var snapshot: Snapshot? {
        if let snapshot = self.unstable.snapshot { return snapshot }
        return self.stable.snapshot.isEmpty ? nil : self.stable.snapshot
    }

    /// The term at `index`; nil if it is compacted or not there yet.
    func term(at index: UInt64) -> UInt64? {
        if let term = self.unstable.term(at: index) { return term }
        guard index + 1 >= self.firstIndex, index <= self.lastIndex else { return nil }
        return self.stable.term(at: index)
    }

    func contains(_ position: EntryPosition) -> Bool { self.term(at: position.index) == position.term }

    // MARK: Growing

    /// Adds entries of the own term at the end.
    mutating func append(_ entries: [Entry]) {
        guard let first = entries.first else { return }
        precondition(
            first.index > self.committed,
            "entry \(first.index) over a log that is committed to \(self.committed)"
        )
        self.unstable.append(entries)
    }

    /// Throws if an entry contradicts what is committed; of what is compacted nothing is known.
    func checkCommitted(_ entries: [Entry]) throws(RaftError) {
        for entry in entries {
            guard entry.index <= self.committed else { return }
            if let term = self.term(at: entry.index), term != entry.term {
                throw .conflictWithCommitted(index: entry.index, committed: self.committed)
            }
        }
    }

    /// Adds a leader's entries after `previous`; returns the last one's index, or nil if `previous` is not
    /// here.
    ///
    /// They must come after what is committed.
    mutating func append(
        _ entries: [Entry],
        after previous: EntryPosition,
        commit: UInt64
    ) throws(RaftError) -> UInt64? {
        guard self.contains(previous) else { return nil }
        if let new = entries.firstIndex(where: { !self.contains($0.position) }) {
            self.append(new == 0 ? entries : Array(entries[new...]))
        }
        let last = previous.index + UInt64(entries.count)
        try self.commit(to: min(commit, last))
        return last
    }

    /// Notes that the log is committed up to `index`; never goes back.
    mutating func commit(to index: UInt64) throws(RaftError) {
        guard index > self.committed else { return }
        let last = self.lastIndex
        guard index <= last else { throw .commitBeyondLog(commit: index, lastIndex: last) }
        self.committed = index
    }

    /// Commits up to `index` if the entry there is of `term`; returns whether that is new (paper 5.4.2).
    mutating func commitOwn(to index: UInt64, term: UInt64) -> Bool {
        guard term != 0, index > self.committed, self.term(at: index) == term else { return false }
        self.committed = index
        return true
    }

    /// Takes up what a restarted member knows to be committed: at least its snapshot and what it has applied.
    ///
    /// The hard state may be behind those, since a commit index alone need not reach the disk.
    mutating func resume(commit: UInt64, applied: UInt64) {
        let known = max(commit, applied, self.stable.snapshot.index)
        precondition(
            known <= self.lastIndex,
            "committed \(commit), applied \(applied), but the log ends at \(self.lastIndex)"
        )
        self.committed = max(self.committed, known)
        if applied > self.applied { self.apply(to: applied, size: 0) }
    }

    /// Begins anew at a snapshot.
    mutating func restore(_ snapshot: Snapshot) {
        self.committed = snapshot.index
        self.unstable.restore(snapshot)
    }

    // MARK: Becoming durable

    mutating func acceptUnstable() { self.unstable.acceptInProgress() }

    mutating func stabilize(to position: EntryPosition) { self.unstable.stabilize(to: position) }

    mutating func stabilizeSnapshot(at index: UInt64) { self.unstable.stabilizeSnapshot(at: index) }

    // MARK: Applying

    /// Up to where entries may be applied; what is not durable here only if `unstable`.
    private func appliable(unstable: Bool) -> UInt64 {
        unstable ? self.committed : min(self.committed, self.unstable.offset - 1)
    }

    /// Whether there is something to apply.
    func hasCommitted(unstable: Bool) -> Bool {
        !self.isApplyingPaused && self.unstable.snapshot == nil
            && self.applying < self.appliable(unstable: unstable)
    }

    /// What is to be applied next, as far as the limit reaches; nothing while a snapshot is.
    func nextCommitted(unstable: Bool) -> [Entry] {
        guard self.hasCommitted(unstable: unstable) else { return [] }
        return self.entries(
            from: self.applying + 1,
            to: self.appliable(unstable: unstable) + 1,
            limit: self.applyingLimit - self.applyingBytes
        )
    }

    /// Notes that `entries` were handed out.
    mutating func acceptApplying(_ entries: [Entry], unstable: Bool) {
        guard let last = entries.last?.index else { return }
        precondition(last <= self.committed, "entry \(last) applied, committed is \(self.committed)")
        self.applying = last
        self.applyingBytes += entries.encodedSize
        self.isApplyingPaused =
            self.applyingBytes >= self.applyingLimit || last < self.appliable(unstable: unstable)
    }

    /// Notes that entries up to `index`, of `size` bytes, are applied.
    mutating func apply(to index: UInt64, size: UInt64) {
        precondition(
            index >= self.applied && index <= self.committed,
            "applied \(index), which is not in \(self.applied)...\(self.committed)"
        )
        self.applied = index
        self.applying = max(self.applying, index)
        self.applyingBytes -= min(size, self.applyingBytes)
        self.isApplyingPaused = self.applyingBytes >= self.applyingLimit
    }
}
