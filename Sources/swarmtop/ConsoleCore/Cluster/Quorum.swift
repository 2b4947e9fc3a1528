/// The managers' majority: what it is, and what a change of roles would make of it.
struct Quorum: Sendable, Equatable {
    var managers: Int
    var reachable: Int

    /// How many must be reachable for the cluster to be changed.
    var needed: Int { self.managers / 2 + 1 }
    /// How many of those that are reachable may be lost.
    var spare: Int { self.reachable - self.needed }
    var isHeld: Bool { self.managers > 0 && self.spare >= 0 }

    /// With more managers, of which so many are reachable.
    func adding(_ count: Int, reachable: Int) -> Self {
        Self(managers: self.managers + count, reachable: self.reachable + reachable)
    }

    /// Without a manager.
    func removing(reachable isReachable: Bool) -> Self {
        Self(managers: self.managers - 1, reachable: self.reachable - (isReachable ? 1 : 0))
    }

    /// "3 managers, can lose 1"; without a quorum, what is missing.
    func words(_ first: Bool = true) -> String {
        let noun = self.managers == 1 ? " manager" : " managers"
        let count = "\(self.managers)\(first ? noun : "")"
        if self.managers == 0 { return count }
        return self.isHeld
            ? "\(count), can lose \(self.spare)" : "\(count), NO QUORUM (\(self.reachable) of \(self.needed))"
    }

    /// From this one to `other`, with advice: an even number bears no more losses than the odd one below it.
    func words(to other: Self) -> String {
        var text = "\(self.words()) -> \(other.words(false))"
        if other.isHeld, other.managers.isMultiple(of: 2) { text += " (odd numbers are better)" }
        return text
    }
}
