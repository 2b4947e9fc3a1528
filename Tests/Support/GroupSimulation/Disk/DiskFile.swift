/// A file of a simulated disk: its bytes as processes see them, and as they lie on the medium.
struct DiskFile: Sendable {
    /// What a disk writes whole or not at all.
    static let sectorSize = 512

    /// What readers see.
    private(set) var bytes: [UInt8] = []
    /// What a loss of power leaves for sure.
    private(set) var medium: [UInt8] = []
    /// The sectors that were changed since the last sync.
    private var dirty: Set<Int> = []

    /// Whether nothing would be lost.
    var isClean: Bool { self.dirty.isEmpty && self.bytes.count == self.medium.count }

    /// Writes over what is at `offset`, or behind it.
    mutating func write(_ new: some Collection<UInt8>, at offset: Int) {
        guard !new.isEmpty else { return }
        let end = offset + new.count
        if self.bytes.count < end { self.resize(to: end) }
        self.bytes.replaceSubrange(offset..<end, with: new)
        for sector in offset / Self.sectorSize...(end - 1) / Self.sectorSize { self.dirty.insert(sector) }
    }

    /// Cuts the file, or lengthens it with zeros.
    mutating func resize(to size: Int) {
        if size > self.bytes.count {
            self.bytes += [UInt8](repeating: 0, count: size - self.bytes.count)
        } else if size < self.bytes.count {
            let last = (self.bytes.count - 1) / Self.sectorSize
            for sector in size / Self.sectorSize...last { self.dirty.insert(sector) }
            self.bytes.removeLast(self.bytes.count - size)
        }
    }

    /// Brings everything to the medium.
    mutating func sync() {
        self.settle(sectors: self.dirty.sorted(), size: self.bytes.count)
        self.dirty = []
    }

    /// What a failed sync does: the changes never reach the medium, and nothing remembers that.
    ///
    /// Some file systems go on to show the new bytes, from memory; others show the old ones (Rebello et al.,
    /// ATC '20).
    mutating func forgetChanges(showingThem shown: Bool) {
        self.dirty = []
        if !shown { self.bytes = self.medium }
    }

    /// What a loss of power does: of the sectors that were not synced, some are new and some are old.
    mutating func losePower(_ chance: inout Chance) {
        let changed = self.dirty.sorted()
        let kept: [Int]
        switch chance.number(in: 0...4) {
        case 0: kept = []
        case 1: kept = changed
        case 2: kept = Array(changed.prefix(chance.number(in: 0...changed.count)))
        default: kept = changed.filter { _ in chance.happens(0.5) }
        }
        let reach = kept.last.map { min(self.bytes.count, ($0 + 1) * Self.sectorSize) } ?? 0
        let sizes = [self.medium.count, self.bytes.count].filter { $0 >= reach }
        self.settle(sectors: kept, size: chance.pick(sizes) ?? self.bytes.count)
        self.bytes = self.medium
        self.dirty = []
    }

    /// Turns a bit over, on the medium too.
    mutating func flip(bit: Int, of offset: Int) {
        self.bytes[offset] ^= 1 << UInt8(bit)
        self.medium[offset] ^= 1 << UInt8(bit)
    }

    private mutating func settle(sectors: [Int], size: Int) {
        if size > self.medium.count {
            self.medium += [UInt8](repeating: 0, count: size - self.medium.count)
        } else {
            self.medium.removeLast(self.medium.count - size)
        }
        for sector in sectors {
            let start = sector * Self.sectorSize
            let end = min(start + Self.sectorSize, self.bytes.count, size)
            guard start < end else { continue }
            self.medium.replaceSubrange(start..<end, with: self.bytes[start..<end])
        }
    }
}
