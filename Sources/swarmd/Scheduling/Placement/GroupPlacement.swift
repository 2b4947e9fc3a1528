import Primitives
import SwarmAPI

/// The search for nodes for the tasks of one group.
///
/// Most groups want the least loaded nodes: they are read off the node order one by one, and each is looked
/// at once, when it is next. A group that divides the nodes by labels, fills them up, or ranks them by other
/// services' places has all of them looked at first.
struct GroupPlacement: Sendable {
    private enum Candidates: Sendable {
        /// Nodes that were looked at and may take a task, and what was not looked at yet.
        case leastLoaded(CandidateHeap, Frontier, NodeOrder)
        case tree(SpreadTree)
    }

    let demand: Demand
    private let group: Group
    private let strategy: Strategy
    private let now: Timestamp
    private var affinity: AffinityView
    private var candidates: Candidates
    private(set) var refusals = Refusals()

    init(
        _ demand: Demand,
        of group: Group,
        strategy: Strategy,
        affinity: [AffinityWish],
        nodes: inout NodeSet,
        now: Timestamp
    ) {
        self.demand = demand
        self.group = group
        self.strategy = strategy
        self.now = now
        self.affinity = AffinityView(affinity, on: affinity.isEmpty ? [] : nodes.records)
        let order = nodes.ordered()
        self.candidates = .leastLoaded(CandidateHeap([]), Frontier(order), order)
        guard strategy != .spread || !demand.isPlain || self.affinity.hasPreference else {
            self.refusals.count(.ready, nodes: nodes.records.count - order.entries.count)
            return
        }
        var ranks: [Rank] = []
        for (place, record) in nodes.records.enumerated() {
            if let filter = self.refusal(by: record, volumes: nodes.volumes) {
                self.refusals.count(filter)
            } else {
                ranks.append(self.rank(of: record, at: place))
            }
        }
        self.candidates = .tree(
            SpreadTree(
                nodes.records,
                candidates: ranks,
                preferences: demand.preferences,
                serviceID: demand.serviceID
            )
        )
    }

    /// Places a task, which `assign` puts on the node at a place of the set; returns false when no node is left.
    mutating func place(on nodes: inout NodeSet, _ assign: (Int, inout NodeSet) -> Void) -> Bool {
        switch self.candidates {
        case .tree(var tree):
            // The copy above must not make another of what it holds.
            self.candidates = .leastLoaded(CandidateHeap([]), Frontier(NodeOrder([])), NodeOrder([]))
            defer { self.candidates = .tree(tree) }
            return tree.place { self.offer($0, nodes: &nodes, assign) }
        case .leastLoaded(var heap, var frontier, let order):
            self.candidates = .tree(SpreadTree([], candidates: [], preferences: [], serviceID: ""))
            defer { self.candidates = .leastLoaded(heap, frontier, order) }
            while let rank = self.best(&heap, &frontier, order, nodes) {
                guard case .placed(let next) = self.offer(rank, nodes: &nodes, assign) else {
                    heap.removeBest()
                    continue
                }
                heap.replaceBest(with: next)
                return true
            }
            return false
        }
    }

    /// The best candidate, after looking at as many more nodes as might be better.
    private mutating func best(
        _ heap: inout CandidateHeap,
        _ frontier: inout Frontier,
        _ order: NodeOrder,
        _ nodes: borrowing NodeSet
    ) -> Rank? {
        while let entry = frontier.peek(order) {
            if let best = heap.best, best.isBetter(thanFresh: entry) { return best }
            frontier.advance(order)
            if let filter = self.refusal(by: nodes.records[entry.place], volumes: nodes.volumes) {
                self.refusals.count(filter)
            } else {
                heap.insert(self.rank(of: nodes.records[entry.place], at: entry.place))
            }
        }
        return heap.best
    }

    private mutating func offer(
        _ rank: Rank,
        nodes: inout NodeSet,
        _ assign: (Int, inout NodeSet) -> Void
    ) -> PlacementOutcome {
        if let filter = self.laterRefusal(by: nodes.records[rank.place], volumes: nodes.volumes) {
            self.refusals.count(filter)
            return .refused
        }
        assign(rank.place, &nodes)
        if !self.affinity.isEmpty { self.affinity.count(on: nodes.records[rank.place].node) }
        return .placed(self.rank(of: nodes.records[rank.place], at: rank.place))
    }

    /// Why a node is refused; nil if it may take a task.
    func refusal(by record: NodeRecord, volumes: VolumeSet) -> Filter? {
        if let filter = self.demand.refusal(by: record, volumes: volumes) { return filter }
        return self.affinity.isEmpty || self.affinity.admits(record.node) ? nil : .affinity
    }

    private func laterRefusal(by record: NodeRecord, volumes: VolumeSet) -> Filter? {
        if let filter = self.demand.laterRefusal(by: record, volumes: volumes) { return filter }
        return self.affinity.isEmpty || self.affinity.admits(record.node) ? nil : .affinity
    }

    private func rank(of record: NodeRecord, at place: Int) -> Rank {
        let isSpread = self.strategy == .spread
        return Rank(
            failures: record.failures.weight(of: self.group, now: self.now),
            unmetWishes: self.affinity.isEmpty ? 0 : self.affinity.unmet(on: record.node),
            serviceTasks: isSpread ? self.demand.activeTasks(on: record) : -record.fullness,
            allTasks: isSpread ? record.activeTasks : -record.activeTasks,
            nodeID: record.node.id,
            place: place
        )
    }
}

extension Rank {
    /// Whether no node that was not looked at yet, the first of which is `entry`, can be better.
    fileprivate func isBetter(thanFresh entry: NodeOrder.Entry) -> Bool {
        guard self.failures == 0, self.unmetWishes == 0, self.serviceTasks == 0 else { return false }
        return self.allTasks == entry.tasks ? self.nodeID < entry.nodeID : self.allTasks < entry.tasks
    }
}

extension Demand {
    fileprivate func activeTasks(on record: NodeRecord) -> Int {
        self.serviceID.isEmpty ? 0 : record.activeTasks(of: self.serviceID)
    }
}
