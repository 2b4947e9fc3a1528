import Primitives

/// The addresses of one network that are given out, and where to look for the next.
///
/// It looks on from the last one that it found, so that an address that was freed is given out again as late as
/// possible (libnetwork's serial allocation): what still remembers its old owner had time to forget.
struct AddressBook: Sendable, Equatable {
    /// How many objects hold each address; more than one is a fault that an older store may have.
    private var holders: [IPAddress: Int] = [:]
    /// What was found last, in each range.
    private var latest: [AddressBlock: IPAddress] = [:]
    /// Ranges in which nothing was free, since when nothing was given back.
    private var exhausted: Set<AddressBlock> = []

    /// How many different addresses are given out.
    var count: Int { self.holders.count }

    /// Whether nobody holds anything.
    var isEmpty: Bool { self.holders.isEmpty }

    func isFree(_ address: IPAddress) -> Bool { self.holders[address] == nil }

    mutating func claim(_ address: IPAddress) { self.holders[address, default: 0] += 1 }

    mutating func release(_ address: IPAddress) {
        guard let count = self.holders[address] else { return }
        self.holders[address] = count > 1 ? count - 1 : nil
        if count == 1 { self.exhausted = [] }
    }

    /// The next free address of `pool`, which the caller claims; nil if there is none.
    mutating func next(in pool: AddressPool) -> IPAddress? {
        guard !self.exhausted.contains(pool.range) else { return nil }
        let begin = self.latest[pool.range].map { $0.bits &+ 1 } ?? self.beginning(of: pool)
        let start = max(begin, pool.range.first.bits)
        let found =
            self.free(from: start, to: pool.range.last.bits, in: pool)
            ?? self.free(from: pool.range.first.bits, to: min(start, pool.range.last.bits), in: pool)
        if let found { self.latest[pool.range] = found } else { self.exhausted.insert(pool.range) }
        return found
    }

    /// Where to look first: behind the highest that is held, as far as the range goes.
    ///
    /// So a new leader goes on where the one before it stood, which SwarmKit does not.
    private func beginning(of pool: AddressPool) -> UInt128 {
        let highest = self.holders.keys.lazy.filter { pool.range.contains($0) && pool.allows($0) }.max()
        return highest.map { $0.bits &+ 1 } ?? pool.range.first.bits
    }

    private func free(from start: UInt128, to end: UInt128, in pool: AddressPool) -> IPAddress? {
        guard start <= end else { return nil }
        var bits = start
        // Ends after as many steps as addresses are held or kept: the next one is free then.
        while true {
            let address = IPAddress(bits: bits)
            if pool.allows(address) && self.isFree(address) { return address }
            guard bits < end else { return nil }
            bits += 1
        }
    }
}
