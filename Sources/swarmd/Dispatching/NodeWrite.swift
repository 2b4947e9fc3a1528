package import StoreCore
package import SwarmAPI

/// A change that the dispatcher makes to a node, or to a task whose node is lost.
package enum NodeWrite: Sendable, Equatable {
    /// The agent opened a session; it described itself, and calls from `addr`.
    case ready(node: String, addr: String, description: SwarmNodeDescription?)
    case mark(node: String, SwarmNodeStatus.State, message: String)
    /// The task's node is down for a day.
    case orphan(task: String)

    /// Makes the change, unless the object is gone or is so already.
    package func apply(to transaction: inout Transaction) throws(StoreError) {
        switch self {
        case .ready(let id, let addr, let description):
            guard let node = transaction.state.nodes[id] else { return }
            try Self.store(
                Self.ready(node, addr: addr, description: description),
                over: node,
                in: &transaction
            )
        case .mark(let id, let state, let message):
            guard let node = transaction.state.nodes[id] else { return }
            try Self.store(Self.marked(node, state, message), over: node, in: &transaction)
        case .orphan(let id):
            guard var task = transaction.state.tasks[id], Self.isHeldByNode(task) else { return }
            task.status.state = .orphaned
            try transaction.update(task)
        }
    }

    /// Whether the task holds resources of its node: assigned, and not over.
    package static func isHeldByNode(_ task: SwarmTask) -> Bool {
        let held = SwarmTaskState.assigned.rawValue...SwarmTaskState.running.rawValue
        return held.contains(task.status.state.rawValue)
    }

    private static func ready(
        _ node: SwarmNode,
        addr: String,
        description: SwarmNodeDescription?
    ) -> SwarmNode {
        var node = node
        node.status.state = .ready
        node.status.message = ""
        if !addr.isEmpty { node.status.addr = addr }
        if let description { node.description_p = description }
        return node
    }

    private static func marked(
        _ node: SwarmNode,
        _ state: SwarmNodeStatus.State,
        _ message: String
    ) -> SwarmNode {
        var node = node
        node.status.state = state
        node.status.message = message
        return node
    }

    private static func store(
        _ node: SwarmNode,
        over old: SwarmNode,
        in transaction: inout Transaction
    ) throws(StoreError) {
        if node != old { try transaction.update(node) }
    }
}
