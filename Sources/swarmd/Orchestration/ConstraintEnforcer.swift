package import Primitives
import Scheduling
package import StoreCore
import SwarmAPI

/// Rejects tasks whose node has changed so that it no longer may, or can, hold them.
///
/// Looked at are active nodes, the services' present constraints, and what tasks have reserved; the
/// orchestrator then has rejected tasks run elsewhere. Where a node has become too small, the oldest tasks
/// stay (SwarmKit `orchestrator/constraintenforcer`).
package struct ConstraintEnforcer: Reconciler {
    private var dirty: Set<String> = []

    package init() {}

    package var deadline: Timestamp? { nil }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        self.dirty = Set(state.nodes.unordered.lazy.map(\.id))
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for case .update(.node(let node), .node(let old)) in commit.changes where node.isOther(than: old) {
            self.dirty.insert(node.id)
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        defer { self.dirty = [] }
        return self.dirty.sorted().flatMap { id -> [StoreEdit] in
            guard let node = state.nodes[id], node.spec.availability == .active else { return [] }
            return Self.misplaced(on: node, state: state).map {
                .update($0.rejected(by: "constraint enforcer", Self.reason, now: now).value)
            }
        }
    }

    private static let reason = "assigned node no longer meets constraints"

    private static func misplaced(on node: SwarmNode, state: StoreState) -> [SwarmTask] {
        var room = NodeRoom(of: node)
        let tasks = state.tasks.find(.node(node.id)).filter { $0.isWanted && $0.mayRun }
        return tasks.sorted(by: SwarmTask.isOlder).filter { task in
            guard Self.meets(task, node, state) else { return true }
            return !room.take(task)
        }
    }

    /// The constraints that count: the service's present ones, which the task itself need not have.
    ///
    /// A task that is of another spec altogether waits for its update, or outlasts it, and keeps its own; so does any
    /// while an update is under way or paused, which may have other plans.
    private static func constraints(of task: SwarmTask, _ state: StoreState) -> [String] {
        let own = task.spec.placement.constraints
        guard let service = state.services[task.serviceID], !service.isUpdateOpen,
            service.spec.task.placement.constraints != own
        else { return own }
        var (mine, theirs) = (task.spec, service.spec.task)
        mine.placement.constraints = []
        theirs.placement.constraints = []
        return mine == theirs ? service.spec.task.placement.constraints : own
    }

    private static func meets(_ task: SwarmTask, _ node: SwarmNode, _ state: StoreState) -> Bool {
        let texts = Self.constraints(of: task, state)
        guard !texts.isEmpty else { return true }
        guard let constraints = try? Constraint.parse(texts) else { return false }
        return constraints.allSatisfy { $0.matches(node) }
    }
}

extension SwarmTask {
    /// The task as it is after the leader has rejected it.
    func rejected(by enforcer: String, _ reason: String, now: Timestamp) -> Self {
        var task = self
        task.status.state = .rejected
        task.status.message = "task rejected by \(enforcer)"
        task.status.err = reason
        task.status.timestamp = now.protobuf
        task.status.appliedAt = now.protobuf
        return task
    }
}

extension SwarmService {
    /// Whether an update or a rollback is under way or paused.
    fileprivate var isUpdateOpen: Bool {
        ![.unknown, .completed, .rollbackCompleted].contains(self.updateStatus.state)
    }
}
