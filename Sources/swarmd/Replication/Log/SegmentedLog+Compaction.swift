extension SegmentedLog {
    /// Removes the segments that hold nothing after `index`; never the newest.
    package mutating func removeSegments(through index: UInt64) throws(LogError) {
        guard !self.failed else { throw .closed }
        // The log ended there when the segment was begun: all before it is covered, also where a new leader cut it.
        guard let first = self.segments.lastIndex(where: { $0.lastIndex <= index }), first > 0 else { return }
        try Self.remove(Array(self.segments[..<first]), in: self.directory, self.fileSystem)
        self.segments.removeFirst(first)
    }

    /// Whether any segment is under another key than the ring's current one.
    var hasOlderKeys: Bool {
        let current = self.keys.fingerprint
        return self.segments.contains { $0.fingerprint != current }
    }

    /// Begins a segment under the ring's current key if the newest one is under another.
    ///
    /// Records go on as before; what older segments hold stays where it is.
    package mutating func rekey() throws(LogError) {
        guard !self.failed else { throw .closed }
        guard self.segments.last?.fingerprint != self.keys.fingerprint else { return }
        try self.beginSegment()
    }

    /// Removes the segments under older keys if a snapshot that covers the log up to `index` stands for all that
    /// they hold.
    ///
    /// What cannot go yet goes with a later snapshot.
    package mutating func removeOlderKeys(through index: UInt64) throws(LogError) {
        guard !self.failed else { throw .closed }
        guard self.hasOlderKeys else { return }
        try self.rekey()
        // A new leader may have cut the log behind the snapshot after the present segment was begun.
        if let newest = self.segments.last, newest.lastIndex > index, self.lastIndex <= index {
            try self.beginSegment()
        }
        try self.removeSegments(through: index)
    }

    private mutating func beginSegment() throws(LogError) {
        self.failed = true
        try self.roll(for: 0)
        self.failed = false
    }
}
