/// Numbers of a range that are given out, and where to look for the next.
///
/// Like `AddressBook` it looks on from the last one that it found.
struct NumberBook: Sendable, Equatable {
    /// What it gives out where nobody asks for a certain number; other numbers may be claimed too.
    let range: ClosedRange<UInt32>
    private var holders: [UInt32: Int] = [:]
    private var latest: UInt32?

    init(_ range: ClosedRange<UInt32>) { self.range = range }

    func isFree(_ number: UInt32) -> Bool { self.holders[number] == nil }

    mutating func claim(_ number: UInt32) { self.holders[number, default: 0] += 1 }

    mutating func release(_ number: UInt32) {
        guard let count = self.holders[number] else { return }
        self.holders[number] = count > 1 ? count - 1 : nil
    }

    /// The next free number, which the caller claims; nil if there is none.
    mutating func next() -> UInt32? {
        let last = self.latest ?? self.holders.keys.lazy.filter(self.range.contains).max()
        let start = last.map { $0 < self.range.upperBound ? $0 + 1 : self.range.lowerBound }
        let first = start ?? self.range.lowerBound
        let found =
            (first...self.range.upperBound).first(where: self.isFree)
            ?? (self.range.lowerBound...first).first(where: self.isFree)
        if let found { self.latest = found }
        return found
    }
}
