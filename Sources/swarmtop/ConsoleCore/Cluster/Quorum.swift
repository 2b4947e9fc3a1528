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
}
