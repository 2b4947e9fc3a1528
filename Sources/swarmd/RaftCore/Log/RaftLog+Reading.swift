extension RaftLog {
    /// The entries from `low` to the end, as far as `limit` bytes reach; nil if they begin before the log.
    func entries(from low: UInt64, limit: UInt64) -> [Entry]? {
        let last = self.lastIndex
        guard low <= last else { return [] }
        guard low >= self.firstIndex else { return nil }
        return self.entries(from: low, to: last + 1, limit: limit)
    }

    /// The entries from `low` up to, not including, `high`, as far as `limit` bytes reach; at least one.
    func entries(from low: UInt64, to high: UInt64, limit: UInt64) -> [Entry] {
        let seam = self.unstable.offset
        if low >= seam {
            let wanted = self.unstable.slice(from: low, to: high)
            return Array(limit == .max ? wanted : wanted.prefix(wanted.countWithin(limit)))
        }
        let cut = min(high, seam)
        var entries = self.stable.entries(from: low, to: cut, limit: limit)
        guard high > seam, UInt64(entries.count) == cut - low else { return entries }
        let wanted = self.unstable.slice(from: seam, to: high)
        if limit == .max {
            entries.append(contentsOf: wanted)
            return entries
        }
        var size = entries.encodedSize
        for entry in wanted {
            size += UInt64(entry.encodedSize)
            guard size <= limit else { break }
            entries.append(entry)
        }
        return entries
    }

    /// The last place up to `index` where this log may agree with another one that has `term` at `index`.
    ///
    /// Terms only grow along a log, so that every place with a later term than the other's is passed over. A
    /// place whose term is not known any more may agree; its term is then given as 0.
    func agreement(upTo index: UInt64, term: UInt64) -> EntryPosition {
        var index = index
        while index > 0 {
            guard let own = self.term(at: index) else { return EntryPosition(index: index) }
            if own <= term { return EntryPosition(term: own, index: index) }
            index -= 1
        }
        return EntryPosition()
    }

    /// Whether a configuration change is committed but not applied.
    var hasUnappliedChanges: Bool {
        guard self.applied < self.committed else { return false }
        return (self.applied + 1...self.committed).contains { index in
            guard case .configuration? = self.entry(at: index)?.payload else { return false }
            return true
        }
    }

    private func entry(at index: UInt64) -> Entry? {
        if index < self.firstIndex { return nil }
        return self.entries(from: index, to: index + 1, limit: .max).first
    }
}
