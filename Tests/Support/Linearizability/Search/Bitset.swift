/// A set of small numbers.
///
/// The first 64 need no allocation, which are all that most histories use.
struct Bitset: Hashable, Sendable {
    private var low: UInt64 = 0
    /// The numbers from 64 on; the last word is never empty, so that equal sets are equal values.
    private var high: [UInt64] = []

    func contains(_ number: Int) -> Bool {
        if number < 64 { return self.low >> UInt64(number) & 1 == 1 }
        let word = number / 64 - 1
        return word < self.high.count && self.high[word] >> UInt64(number % 64) & 1 == 1
    }

    mutating func insert(_ number: Int) {
        if number < 64 {
            self.low |= 1 << UInt64(number)
            return
        }
        let word = number / 64 - 1
        while self.high.count <= word { self.high.append(0) }
        self.high[word] |= 1 << UInt64(number % 64)
    }

    mutating func remove(_ number: Int) {
        if number < 64 {
            self.low &= ~(1 << UInt64(number))
            return
        }
        let word = number / 64 - 1
        guard word < self.high.count else { return }
        self.high[word] &= ~(1 << UInt64(number % 64))
        while self.high.last == 0 { self.high.removeLast() }
    }

    func isSubset(of other: Self) -> Bool {
        guard self.low & ~other.low == 0, self.high.count <= other.high.count else { return false }
        return self.high.indices.allSatisfy { self.high[$0] & ~other.high[$0] == 0 }
    }
}
