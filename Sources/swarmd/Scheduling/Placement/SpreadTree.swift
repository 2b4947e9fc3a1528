import SwarmAPI

/// The nodes, divided by the labels over which a placement wants to spread its tasks.
///
/// Each level of the tree is one preference; each branch is one value of its label, a missing label being a
/// value of its own. A task goes down the branches with fewest tasks of its service to the best node of a leaf
/// (SwarmKit `manager/scheduler/nodeset.go`, `decision_tree.go`).
struct SpreadTree: Sendable {
    private struct Branch: Sendable {
        let value: String
        /// Tasks of the service on all nodes below, whether or not these can take more.
        var tasks = 0
        /// Places of the branches below in `branches`.
        var children: [Int] = []
        var leaf: CandidateHeap?
    }

    private var branches: [Branch] = [Branch(value: "")]

    /// Divides `records`; `candidates` are the ranks of those that can take tasks.
    init(
        _ records: [NodeRecord],
        candidates: [Rank],
        preferences: [SwarmPlacementPreference],
        serviceID: String
    ) {
        let keys = preferences.compactMap { SpreadKey($0) }
        guard !keys.isEmpty else {
            self.branches[0].leaf = CandidateHeap(candidates)
            return
        }
        var leaves: [Int: [Rank]] = [:]
        var paths: [Int: [String: Int]] = [:]
        let ranks = Dictionary(uniqueKeysWithValues: candidates.map { ($0.place, $0) })
        for (place, record) in records.enumerated() {
            let tasks = record.activeTasks(of: serviceID)
            var branch = 0
            self.branches[0].tasks += tasks
            for key in keys {
                branch = self.child(of: branch, value: key.value(on: record.node), paths: &paths)
                self.branches[branch].tasks += tasks
            }
            if let rank = ranks[place] { leaves[branch, default: []].append(rank) }
        }
        for (branch, ranks) in leaves { self.branches[branch].leaf = CandidateHeap(ranks) }
        self.prune(0)
    }

    /// Offers a task to the best nodes, one after the other, until one takes it.
    ///
    /// `take` says with what rank the node stays a candidate, or that it can take no more. Returns false when
    /// no candidate is left.
    mutating func place(_ take: (Rank) -> PlacementOutcome) -> Bool {
        self.place(below: 0, take)
    }

    private mutating func place(below branch: Int, _ take: (Rank) -> PlacementOutcome) -> Bool {
        if self.branches[branch].leaf != nil { return self.placeOnLeaf(branch, take) }
        while let position = self.leastLoaded(below: branch) {
            let child = self.branches[branch].children[position]
            if self.place(below: child, take) {
                self.branches[branch].tasks += 1
                return true
            }
            self.branches[branch].children.remove(at: position)
        }
        return false
    }

    private mutating func placeOnLeaf(_ branch: Int, _ take: (Rank) -> PlacementOutcome) -> Bool {
        while let best = self.branches[branch].leaf?.best {
            switch take(best) {
            case .placed(let rank):
                self.branches[branch].leaf?.replaceBest(with: rank)
                self.branches[branch].tasks += 1
                return true
            case .refused: self.branches[branch].leaf?.removeBest()
            }
        }
        return false
    }

    private func leastLoaded(below branch: Int) -> Int? {
        let children = self.branches[branch].children
        return children.indices.min {
            let (left, right) = (self.branches[children[$0]], self.branches[children[$1]])
            return (left.tasks, left.value) < (right.tasks, right.value)
        }
    }

    private mutating func child(of branch: Int, value: String, paths: inout [Int: [String: Int]]) -> Int {
        if let known = paths[branch]?[value] { return known }
        let new = self.branches.count
        self.branches.append(Branch(value: value))
        self.branches[branch].children.append(new)
        paths[branch, default: [:]][value] = new
        return new
    }

    /// Takes out the branches without a candidate; returns whether `branch` is one of them.
    @discardableResult
    private mutating func prune(_ branch: Int) -> Bool {
        guard self.branches[branch].leaf == nil else { return false }
        let kept = self.branches[branch].children.filter { !self.prune($0) }
        self.branches[branch].children = kept
        return kept.isEmpty
    }
}

/// What became of a task that was offered to a node.
enum PlacementOutcome: Sendable {
    /// The node took it, and stands now at this rank.
    case placed(Rank)
    /// The node can take no more tasks of the group.
    case refused
}

/// The label of a spread preference; other preferences do not exist.
private struct SpreadKey {
    private let isOfEngine: Bool
    private let label: String

    init?(_ preference: SwarmPlacementPreference) {
        guard case .spread(let spread)? = preference.preference else { return nil }
        let folded = spread.spreadDescriptor.lowercased()
        let prefixes = [(false, "node.labels."), (true, "engine.labels.")]
        guard
            let (isOfEngine, prefix) = prefixes.first(where: {
                folded.hasPrefix($0.1) && folded.utf8.count > $0.1.utf8.count
            })
        else { return nil }
        self.isOfEngine = isOfEngine
        self.label = String(spread.spreadDescriptor.dropFirst(prefix.count))
    }

    func value(on node: SwarmNode) -> String {
        let labels = self.isOfEngine ? node.description_p.engine.labels : node.spec.annotations.labels
        return labels[self.label] ?? ""
    }
}
