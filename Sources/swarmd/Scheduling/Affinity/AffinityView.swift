import SwarmAPI

/// Where the services are that a group's tasks want to be near, or far from, at the moment.
struct AffinityView: Sendable {
    private let wishes: [AffinityWish]
    /// For each wish, how many of the other's tasks are in each place.
    private var counts: [[String: Int]]

    init(_ wishes: [AffinityWish], on records: [NodeRecord]) {
        self.wishes = wishes
        self.counts = wishes.map { wish in
            guard let other = wish.other else { return [:] }
            var counts: [String: Int] = [:]
            for record in records {
                let tasks = record.activeTasks(of: other)
                guard tasks > 0, let domain = wish.term.level.domain(of: record.node) else { continue }
                counts[domain, default: 0] += tasks
            }
            return counts
        }
    }

    var isEmpty: Bool { self.wishes.isEmpty }

    /// Whether a wish only ranks nodes.
    var hasPreference: Bool { self.wishes.contains { !$0.term.isHard } }

    /// Whether no hard wish forbids the node.
    func admits(_ node: SwarmNode) -> Bool {
        self.wishes.indices.allSatisfy { !self.wishes[$0].term.isHard || self.isMet($0, on: node) }
    }

    /// How many soft wishes the node does not meet.
    func unmet(on node: SwarmNode) -> Int {
        self.wishes.indices.count { !self.wishes[$0].term.isHard && !self.isMet($0, on: node) }
    }

    /// Counts a task of the group that was placed on `node`.
    mutating func count(on node: SwarmNode) {
        for index in self.wishes.indices where self.wishes[index].isOwn {
            guard let domain = self.wishes[index].term.level.domain(of: node) else { continue }
            self.counts[index][domain, default: 0] += 1
        }
    }

    private func isMet(_ index: Int, on node: SwarmNode) -> Bool {
        let (wish, counts) = (self.wishes[index], self.counts[index])
        guard let domain = wish.term.level.domain(of: node) else { return wish.term.isAnti }
        if wish.term.isAnti { return counts[domain] == nil }
        // The first task of a service that wants to stay together begins anywhere.
        if wish.isOwn, counts.isEmpty { return true }
        return counts[domain] != nil
    }
}
