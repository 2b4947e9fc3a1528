package import Primitives
package import StoreCore
import SwarmAPI

/// Removes nodes that asked to join and were given no certificate for an hour.
///
/// A node that an operator has to accept first stays.
package struct JoinReaper: Reconciler {
    /// When each of them is removed.
    private var due: [String: Timestamp] = [:]

    package init() {}

    package mutating func start(on state: StoreState, now: Timestamp) {
        self.due = [:]
        for node in state.nodes.unordered { self.look(at: node) }
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for change in commit.changes {
            guard case .node(let node) = change.value else { continue }
            if case .remove = change {
                self.due[node.id] = nil
            } else {
                self.look(at: node)
            }
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        let over = self.due.filter { $0.value <= now }.keys.sorted()
        for node in over { self.due[node] = nil }
        return over.map { .remove(.node, id: $0) }
    }

    package var deadline: Timestamp? { self.due.values.min() }

    private mutating func look(at node: SwarmNode) {
        let isOver = node.spec.membership == .accepted && UnfinishedJoin.isOne(node)
        self.due[node.id] = isOver ? UnfinishedJoin.end(of: UnfinishedJoin.kept, node) : nil
    }
}
