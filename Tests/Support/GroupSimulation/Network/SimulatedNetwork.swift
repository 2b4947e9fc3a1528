/// A network between machines that are numbered from 0: it delays, loses, doubles and reorders messages.
///
/// Pure: it says when a message arrives, and somebody else carries it.
package struct SimulatedNetwork: Sendable {
    /// How messages are treated where nothing is cut.
    package var conditions: NetworkConditions
    private var chance: Chance
    private var cuts: [Int: NetworkCut] = [:]
    private var closed: [NetworkCut.Path: Int] = [:]
    private var clogs: [NetworkCut.Path: Moment] = [:]
    private var nextCut = 0

    /// A network whose faults fall as `chance` has it.
    package init(_ conditions: NetworkConditions, _ chance: Chance) {
        self.conditions = conditions
        self.chance = chance
    }

    /// When a message that is sent now arrives: once, not at all, or twice.
    ///
    /// A large one takes `extra` more.
    package mutating func arrivals(
        from: Int,
        to: Int,
        at now: Moment,
        extra: Span = Span(microseconds: 0)
    ) -> [Moment] {
        let path = NetworkCut.Path(from: from, to: to)
        guard self.closed[path, default: 0] == 0, !self.chance.happens(self.conditions.loss) else {
            return []
        }
        let count = self.chance.happens(self.conditions.duplication) ? 2 : 1
        let start = max(now, self.clogs[path] ?? now)
        return (0..<count).map { _ in
            start + extra + self.conditions.leastDelay + self.chance.time(mean: self.conditions.meanDelay)
        }
    }

    /// Whether messages get from one machine to another at all.
    package func isOpen(from: Int, to: Int) -> Bool {
        self.closed[NetworkCut.Path(from: from, to: to), default: 0] == 0
    }

    /// Cuts ways until `heal` is called with the number that it returns.
    package mutating func cut(_ cut: NetworkCut) -> Int {
        self.nextCut += 1
        self.cuts[self.nextCut] = cut
        for path in cut.paths { self.closed[path, default: 0] += 1 }
        return self.nextCut
    }

    /// Takes a cut back.
    package mutating func heal(_ number: Int) {
        guard let cut = self.cuts.removeValue(forKey: number) else { return }
        for path in cut.paths { self.closed[path, default: 0] -= 1 }
    }

    /// Holds up everything on a way until `moment`.
    package mutating func clog(_ path: NetworkCut.Path, until moment: Moment) { self.clogs[path] = moment }

    /// Takes all cuts and clogs back, and becomes a good network.
    package mutating func calm() {
        self.cuts = [:]
        self.closed = [:]
        self.clogs = [:]
        self.conditions = NetworkConditions()
    }
}
