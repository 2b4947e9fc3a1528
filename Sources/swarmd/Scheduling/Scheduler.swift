package import Primitives
package import StoreCore
import SwarmAPI
import SwiftProtobuf

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
    private var affinity = AffinityRules()
    private var strategies = StrategyRules()
    /// What was assigned in the last plan, to see whether it was committed.
    private var assigned: [String] = []
    /// The node set's generation at which waiting tasks were last tried for their wishes' sake.
    private var tried: UInt64 = 0

    package init() {}

    /// Never: only a commit can give a waiting task a node.
    package var deadline: Timestamp? { nil }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        for service in state.services.all { self.note(service) }
        for cluster in state.clusters.all { self.strategies.put(cluster) }
        for volume in state.volumes.all { self.nodes.volumes.put(volume) }
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
            case .create(.service(let service)), .update(.service(let service), _):
                hasFreed = self.note(service) || hasFreed
            case .remove(.service(let service)):
                self.affinity.remove(service: service.id)
                self.strategies.remove(service: service.id)
            case .create(.volume(let volume)), .update(.volume(let volume), _):
                self.nodes.volumes.put(volume)
                hasFreed = true
            case .remove(.volume(let volume)): self.nodes.volumes.remove(volume: volume.id)
            case .create(.cluster(let cluster)), .update(.cluster(let cluster), _):
                self.strategies.put(cluster)
            default: break
            }
        }
        // Who waits to be near another service may have a chance wherever a task was placed.
        if !self.affinity.isEmpty, self.tried != self.nodes.generation { hasFreed = true }
        if hasFreed { self.pending.retryAll() }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        self.retryDropped(on: state)
        let due = self.pending.takeDue()
        self.tried = self.nodes.generation
        var edits = due.bound.compactMap { id in
            state.tasks[id].flatMap { self.confirm($0, now: now) }
        }
        for batch in self.batches(due.groups, on: state) { edits += self.place(batch, now: now) }
        edits += self.volumeEdits(on: state)
        return edits
    }

    /// Has tasks tried again whose assignment was dropped: their node was no longer ready when it was committed.
    private mutating func retryDropped(on state: StoreState) {
        for id in self.assigned {
            guard let task = state.tasks[id], task.isWaitingForNode else { continue }
            _ = self.nodes.remove(task: id)
            self.pending.insert(task)
        }
        self.assigned.removeAll(keepingCapacity: true)
    }

    @discardableResult
    private mutating func note(_ service: SwarmService) -> Bool {
        self.strategies.put(service)
        return self.affinity.put(service)
    }

    /// Takes in a task as it is now; returns whether that freed something on a node.
    private mutating func note(_ task: SwarmTask) -> Bool {
        self.pending.remove(task.id)
        if task.isWaitingForNode { self.pending.insert(task) }
        return self.nodes.put(task)
    }
}

extension Scheduler {
    /// Tasks that are placed together.
    private struct Batch {
        let group: Group
        let demand: Demand
        var tasks: [SwarmTask]
    }

    /// Puts tasks without a service together where they ask for the same, so that nodes are looked at once.
    private func batches(_ groups: [(group: Group, tasks: [String])], on state: StoreState) -> [Batch] {
        var batches: [Batch] = []
        var places: [Demand: Int] = [:]
        for (group, ids) in groups {
            let tasks = ids.compactMap { state.tasks[$0] }.filter(\.isWaitingForNode)
            guard let sample = tasks.first else { continue }
            let demand = Demand(sample)
            guard sample.serviceID.isEmpty else {
                let sorted = tasks.count > 1 ? tasks.sorted { ($0.slot, $0.id) < ($1.slot, $1.id) } : tasks
                batches.append(Batch(group: group, demand: demand, tasks: sorted))
                continue
            }
            if let place = places[demand] {
                batches[place].tasks += tasks
            } else {
                places[demand] = batches.count
                batches.append(Batch(group: group, demand: demand, tasks: tasks))
            }
        }
        return batches
    }

    /// Places the tasks of a batch, as many as there is room for.
    private mutating func place(_ batch: Batch, now: Timestamp) -> [StoreEdit] {
        let demand = batch.demand
        var placement = GroupPlacement(
            demand,
            of: batch.group,
            strategy: self.strategies.strategy(of: demand.serviceID),
            affinity: self.affinity.wishes(of: demand.serviceID),
            nodes: &self.nodes,
            now: now
        )
        var edits: [StoreEdit] = []
        edits.reserveCapacity(batch.tasks.count)
        for (position, task) in batch.tasks.enumerated() {
            let isPlaced = placement.place(on: &self.nodes) { place, nodes in
                var task = task
                task.nodeID = nodes.records[place].node.id
                let message = "scheduler assigned task to node"
                Self.assign(&task, message: message, at: place, in: &nodes, demand: demand, now: now)
                edits.append(.assign(task))
            }
            guard !isPlaced else {
                self.pending.remove(task.id)
                self.assigned.append(task.id)
                continue
            }
            let text = placement.refusals.explanation { demand.lack(for: $0, on: self.nodes.records) }
            let reason = text.isEmpty ? "no suitable node" : "no suitable node (\(text))"
            edits += batch.tasks[position...].compactMap { $0.refused(because: reason, now: now) }
            break
        }
        return edits
    }

    /// Checks that the node of a task that came with one will do.
    private mutating func confirm(_ task: SwarmTask, now: Timestamp) -> StoreEdit? {
        guard task.isWaitingForNode, let place = self.nodes.place(of: task.nodeID) else { return nil }
        let demand = Demand(task)
        if let filter = demand.refusal(by: self.nodes.records[place], volumes: self.nodes.volumes) {
            let lack = demand.lack(for: filter, on: [self.nodes.records[place]])
            return task.refused(because: filter.explanation(1, lack: lack), now: now)
        }
        var task = task
        let message = "scheduler confirmed task can run on preassigned node"
        Self.assign(&task, message: message, at: place, in: &self.nodes, demand: demand, now: now)
        self.pending.remove(task.id)
        self.assigned.append(task.id)
        return .assign(task)
    }

    private static func assign(
        _ task: inout SwarmTask,
        message: String,
        at place: Int,
        in nodes: inout NodeSet,
        demand: Demand,
        now: Timestamp
    ) {
        let claimed = demand.claim(on: nodes.records[place])
        if !claimed.isEmpty || !task.assignedGenericResources.isEmpty {
            task.assignedGenericResources = claimed
        }
        if !demand.volumes.isEmpty {
            task.volumes = nodes.volumes.choose(demand.volumes, on: nodes.records[place].node) ?? []
        }
        var status = SwarmTaskStatus()
        status.state = .assigned
        status.message = message
        status.timestamp = now.protobuf
        task.status = status
        _ = nodes.put(task)
    }

    /// Has each volume published on the nodes where tasks were given it.
    private func volumeEdits(on state: StoreState) -> [StoreEdit] {
        var changed: [String: SwarmVolume] = [:]
        for id in self.assigned {
            guard let task = self.nodes.countedTask(id), !task.volumes.isEmpty else { continue }
            for attachment in task.volumes {
                guard var volume = changed[attachment.id] ?? state.volumes[attachment.id],
                    !volume.publishStatus.contains(where: { $0.nodeID == task.nodeID })
                else { continue }
                volume.publishStatus.append(.with { ($0.nodeID, $0.state) = (task.nodeID, .pendingPublish) })
                changed[attachment.id] = volume
            }
        }
        return changed.sorted { $0.key < $1.key }.map { .update($0.value.value) }
    }
}

extension Scheduler {
    /// What the nodes that could take tasks have left.
    var room: DryRun.Room {
        self.nodes.records.reduce(into: DryRun.Room()) { room, record in
            guard record.isReady else { return }
            room.nodes += 1
            room.nanoCPUs += max(0, record.capacity.nanoCPUs - record.used.nanoCPUs)
            room.memoryBytes += max(0, record.capacity.memoryBytes - record.used.memoryBytes)
        }
    }

    /// What each node says to one more task of `service`, by the nodes' identifiers.
    func verdicts(of service: SwarmService, now: Timestamp) -> [DryRun.Verdict] {
        let task = SwarmTask.with {
            $0.serviceID = service.id
            $0.specVersion = service.specVersion
            $0.spec = service.spec.task
            $0.endpoint.ports = service.spec.endpoint.ports
        }
        var nodes = self.nodes
        let placement = GroupPlacement(
            Demand(task),
            of: Group(task),
            strategy: .spread,
            affinity: self.affinity.wishes(of: service.id),
            nodes: &nodes,
            now: now
        )
        return nodes.records.map { record in
            let filter = placement.refusal(by: record, volumes: nodes.volumes)
            return DryRun.Verdict(nodeID: record.node.id, reason: filter?.explanation(1) ?? "")
        }.sorted { $0.nodeID < $1.nodeID }
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
