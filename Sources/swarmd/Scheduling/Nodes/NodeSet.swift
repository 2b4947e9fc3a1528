import Primitives
import StoreCore
import SwarmAPI

/// All nodes, with what their tasks hold; kept up to date task by task.
struct NodeSet: Sendable {
    private(set) var records: [NodeRecord] = []
    private var places: [String: Int] = [:]
    /// The tasks that are counted on a node, as they were when they were counted.
    private var counted: [String: SwarmTask] = [:]
    /// The volumes, with what the tasks use of them.
    var volumes = VolumeSet()
    /// Grows whenever a task is counted on a node, or no longer.
    private(set) var generation: UInt64 = 0
    /// Nil when nodes came, went, or became ready or not.
    private var order: NodeOrder?
    /// Places whose tasks changed since the order was made.
    private var stale: [Int] = []

    /// The task as it is counted; nil if it is not.
    func countedTask(_ id: String) -> SwarmTask? { self.counted[id] }

    func place(of nodeID: String) -> Int? { self.places[nodeID] }

    /// Takes in a node; returns whether it may now take tasks that it could not take before.
    mutating func put(_ node: SwarmNode, on state: StoreState) -> Bool {
        if let place = self.places[node.id] {
            let wasReady = self.records[place].isReady
            defer { if wasReady != self.records[place].isReady { self.order = nil } }
            return self.records[place].update(node)
        }
        self.order = nil
        self.places[node.id] = self.records.count
        self.stale.removeAll(keepingCapacity: true)
        self.records.append(NodeRecord(node))
        for task in state.tasks.find(.node(node.id)) { _ = self.put(task) }
        return true
    }

    /// Takes a node out, with what is counted on it.
    mutating func remove(node id: String) {
        guard let place = self.places.removeValue(forKey: id) else { return }
        self.order = nil
        self.generation += 1
        for task in self.counted.values.filter({ $0.nodeID == id }) {
            self.counted[task.id] = nil
            self.volumes.count(task, adding: false)
        }
        self.records.swapAt(place, self.records.count - 1)
        self.records.removeLast()
        if place < self.records.count { self.places[self.records[place].node.id] = place }
    }

    /// Counts the task where it is now; returns whether that freed something.
    mutating func put(_ task: SwarmTask) -> Bool {
        let old = self.counted[task.id]
        let holds =
            task.isSchedulable && !task.nodeID.isEmpty && self.places[task.nodeID] != nil
            && task.status.state != .pending
        if let old, holds, old.nodeID == task.nodeID, old.isToRun == task.isToRun { return false }
        let freed = self.remove(task: task.id)
        guard holds, let place = self.places[task.nodeID] else { return freed }
        self.records[place].count(task, adding: true)
        self.volumes.count(task, adding: true)
        self.note(place)
        self.counted[task.id] = task
        return freed
    }

    /// Counts the task no longer; returns whether it was counted.
    mutating func remove(task id: String) -> Bool {
        guard let old = self.counted.removeValue(forKey: id) else { return false }
        self.volumes.count(old, adding: false)
        if let place = self.places[old.nodeID] {
            self.records[place].count(old, adding: false)
            self.note(place)
        }
        return true
    }

    private mutating func note(_ place: Int) {
        self.generation += 1
        if self.order != nil { self.stale.append(place) }
    }

    /// The ready nodes by their load, which do not change until they are asked for again.
    mutating func ordered() -> NodeOrder {
        var order = self.order ?? NodeOrder(self.records)
        if self.order == nil { self.stale.removeAll(keepingCapacity: true) }
        // Let go, so that the updates below change the only copy.
        self.order = nil
        for place in self.stale { order.update(place, tasks: self.records[place].activeTasks) }
        self.stale.removeAll(keepingCapacity: true)
        self.order = order
        return order
    }

    /// Notes that a task of the service's version failed on the node.
    mutating func recordFailure(of task: SwarmTask, now: Timestamp) {
        guard let place = self.places[task.nodeID] else { return }
        self.records[place].failures.record(Group(task), at: now)
    }
}
