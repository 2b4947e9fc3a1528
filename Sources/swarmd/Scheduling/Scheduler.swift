package import Primitives
package import StoreCore
import SwarmAPI

/// Gives every task that waits for one a node, or says why none will do.
///
/// Nodes are filtered, then ranked: fewest failures of the service's version, fewest tasks of the service,
/// fewest tasks in all. Tasks of one version of a service are placed together, so that the nodes are looked at
/// once for all of them. A running task is never moved (SwarmKit `manager/scheduler`).
///
/// What the nodes' tasks hold is counted as commits come in; an assignment counts from the moment of the
/// decision, and is taken back when another change of the task overtakes it.
package struct Scheduler: Reconciler {
    private var nodes = NodeSet()
    private var pending = PendingTasks()

    package init() {}

    /// Never: only a commit can give a waiting task a node.
    package var deadline: Timestamp? { nil }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        for node in state.nodes.all { _ = self.nodes.put(node, on: state) }
        for task in state.tasks.unordered where task.isWaitingForNode { self.pending.insert(task) }
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        var hasFreed = false
        for change in commit.changes {
            switch change {
            case .create(.task(let task)): hasFreed = self.note(task) || hasFreed
            case .update(.task(let task), .task(let old)):
                if task.hasFailed, !old.hasFailed { self.nodes.recordFailure(of: task, now: now) }
                hasFreed = self.note(task) || hasFreed
            case .remove(.task(let task)):
                self.pending.remove(task.id)
                hasFreed = self.nodes.remove(task: task.id) || hasFreed
            case .create(.node(let node)), .update(.node(let node), _):
                guard commit.state.nodes[node.id] != nil else { break }
                hasFreed = self.nodes.put(node, on: commit.state) || hasFreed
            case .remove(.node(let node)):
                self.nodes.remove(node: node.id)
                hasFreed = true
            default: break
            }
        }
        if hasFreed { self.pending.retryAll() }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        let due = self.pending.takeDue()
        var edits = due.bound.compactMap { id in
            state.tasks[id].flatMap { self.confirm($0, now: now) }
        }
        for (group, ids) in due.groups {
            let tasks = ids.compactMap { state.tasks[$0] }.filter(\.isWaitingForNode)
            edits += self.place(tasks.sorted { ($0.slot, $0.id) < ($1.slot, $1.id) }, of: group, now: now)
        }
        return edits
    }

    /// Takes in a task as it is now; returns whether that freed something on a node.
    private mutating func note(_ task: SwarmTask) -> Bool {
        self.pending.remove(task.id)
        if task.isWaitingForNode { self.pending.insert(task) }
        return self.nodes.put(task)
    }
}

extension Scheduler {
    /// Places the tasks of a group, as many as there is room for.
    private mutating func place(_ tasks: [SwarmTask], of group: Group, now: Timestamp) -> [StoreEdit] {
        guard let sample = tasks.first else { return [] }
        let demand = Demand(sample)
        var refusals = Refusals()
        var candidates: [Rank] = []
        for (place, record) in self.nodes.records.enumerated() {
            if let filter = demand.refusal(by: record) {
                refusals.count(filter)
            } else {
                candidates.append(record.rank(for: group, of: demand.serviceID, at: place, now: now))
            }
        }
        var tree = SpreadTree(
            self.nodes.records,
            candidates: candidates,
            preferences: sample.spec.placement.preferences,
            serviceID: demand.serviceID
        )
        var edits: [StoreEdit] = []
        edits.reserveCapacity(tasks.count)
        for (position, task) in tasks.enumerated() {
            let isPlaced = tree.place { rank in
                self.offer(task, to: rank, demand: demand, refusals: &refusals, edits: &edits, now: now)
            }
            guard !isPlaced else { continue }
            let text = refusals.explanation
            let reason = text.isEmpty ? "no suitable node" : "no suitable node (\(text))"
            edits += tasks[position...].compactMap { $0.refused(because: reason, now: now) }
            break
        }
        return edits
    }

    /// Assigns `task` to the node at `rank` unless the group has filled it up.
    private mutating func offer(
        _ task: SwarmTask,
        to rank: Rank,
        demand: Demand,
        refusals: inout Refusals,
        edits: inout [StoreEdit],
        now: Timestamp
    ) -> PlacementOutcome {
        if let filter = demand.laterRefusal(by: self.nodes.records[rank.place]) {
            refusals.count(filter)
            return .refused
        }
        var task = task
        task.nodeID = rank.nodeID
        let message = "scheduler assigned task to node"
        self.assign(&task, message: message, at: rank.place, demand: demand, now: now)
        edits.append(.update(task.value))
        var next = rank
        next.serviceTasks += 1
        next.allTasks += 1
        return .placed(next)
    }

    /// Checks that the node of a task that came with one will do.
    private mutating func confirm(_ task: SwarmTask, now: Timestamp) -> StoreEdit? {
        guard task.isWaitingForNode, let place = self.nodes.place(of: task.nodeID) else { return nil }
        let demand = Demand(task)
        if let filter = demand.refusal(by: self.nodes.records[place]) {
            return task.refused(because: filter.explanation(1), now: now)
        }
        var task = task
        let message = "scheduler confirmed task can run on preassigned node"
        self.assign(&task, message: message, at: place, demand: demand, now: now)
        return .update(task.value)
    }

    private mutating func assign(
        _ task: inout SwarmTask,
        message: String,
        at place: Int,
        demand: Demand,
        now: Timestamp
    ) {
        task.assignedGenericResources = demand.claim(on: self.nodes.records[place])
        var status = SwarmTaskStatus()
        status.state = .assigned
        status.message = message
        status.timestamp = now.protobuf
        task.status = status
        self.pending.remove(task.id)
        _ = self.nodes.put(task)
    }
}

extension NodeRecord {
    fileprivate func rank(for group: Group, of serviceID: String, at place: Int, now: Timestamp) -> Rank {
        Rank(
            failures: self.failures.weight(of: group, now: now),
            serviceTasks: serviceID.isEmpty ? 0 : self.activeTasks(of: serviceID),
            allTasks: self.activeTasks,
            nodeID: self.node.id,
            place: place
        )
    }
}

extension SwarmTask {
    fileprivate var hasFailed: Bool { self.status.state == .failed || self.status.state == .rejected }

    /// Whether the task is allocated, wanted, and not yet assigned.
    fileprivate var isWaitingForNode: Bool { self.status.state == .pending && self.isToRun }

    /// The task with the reason why it waits; nil if it says so already.
    fileprivate func refused(because reason: String, now: Timestamp) -> StoreEdit? {
        guard self.status.err != reason else { return nil }
        var task = self
        task.status.err = reason
        task.status.timestamp = now.protobuf
        return .update(task.value)
    }
}
