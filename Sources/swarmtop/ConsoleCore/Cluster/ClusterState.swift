import Primitives
import SwarmAPI

/// The cluster as far as the console knows it, with the counts and orders that views need.
///
/// Everything is kept up to date change by change: with 10,000 tasks, a frame touches the rows that
/// are visible and nothing else.
struct ClusterState: Sendable {
    /// When a task entered a state.
    struct Step: Sendable, Equatable {
        var stage: Stage
        var at: Timestamp
    }

    private(set) var name = ""
    /// Grows with every change, so that what was computed before can be told from what holds.
    private(set) var revision: UInt64 = 0
    private(set) var nodes: [String: NodeRow] = [:]
    private(set) var services: [String: ServiceRow] = [:]
    private(set) var tasks: [String: TaskRow] = [:]

    private(set) var nodeOrder = SortedIndex<NameKey>()
    private(set) var serviceOrder = SortedIndex<NameKey>()
    private(set) var attentionOrder = SortedIndex<TaskKey>()
    private(set) var slotOrder = SortedIndex<TaskKey>()

    private(set) var total = Tally()
    private(set) var byService: [String: Tally] = [:]
    private(set) var byNode: [String: Tally] = [:]
    /// The steps of each task through its states, as far as they were seen or reported.
    private(set) var steps: [String: [Step]] = [:]
    private(set) var assets = Assets()
    /// What was seen happening.
    var history = EventRing()
    /// What the history is written in.
    var language = Language.english
    private(set) var status: SwarmdConsoleStatus?
    private(set) var trust: Trust?
    /// The cluster object's identifier and version; empty and 0 until it was seen.
    private(set) var clusterID = ""
    private(set) var clusterVersion: UInt64 = 0

    /// Steps of tasks that have not been seen yet are kept up to this many.
    private static let strangerLimit = 1000

    /// Takes a complete state in place of what was known; returns how many objects came, went or changed.
    @discardableResult
    mutating func replace(_ parts: Parts, now: Timestamp) -> Int {
        let before = self
        self = ClusterState()
        self.revision = before.revision + 1
        (self.history, self.language) = (before.history, before.language)
        // The status knows the cluster's own name better than its object, which is called "default".
        let told = before.status?.clusterName ?? ""
        self.name = told.isEmpty ? parts.cluster?.spec.annotations.name ?? before.name : told
        self.status = before.status
        self.trust = before.trust
        self.clusterID = parts.cluster?.id ?? before.clusterID
        self.clusterVersion = parts.cluster?.meta.version.index ?? before.clusterVersion
        self.nodes = Dictionary(parts.nodes.map { ($0.id, NodeRow($0)) }) { $1 }
        self.services = Dictionary(parts.services.map { ($0.id, ServiceRow($0)) }) { $1 }
        self.tasks = Dictionary(parts.tasks.map { ($0.id, TaskRow($0)) }) { $1 }
        self.nodeOrder = SortedIndex(self.nodes.values.map(\.key))
        self.serviceOrder = SortedIndex(self.services.values.map(\.key))
        self.attentionOrder = SortedIndex(self.tasks.values.map(\.attentionKey))
        self.slotOrder = SortedIndex(self.tasks.values.map(\.slotKey))
        self.steps = before.steps.filter { self.tasks[$0.key] != nil }
        for task in self.tasks.values {
            self.count(task) { $0.add(task) }
            self.note(Step(stage: task.stage, at: task.since), of: task.id)
        }
        self.assets = Assets(parts.networks, parts.secrets, parts.configs)
        for service in self.services.values { self.assets.link(service, inPlaceOf: nil) }
        return before.clusterID.isEmpty ? 0 : self.differences(from: before, now: now)
    }

    /// Counts what is not as it was, and notes that this much was not seen happening.
    private mutating func differences(from before: ClusterState, now: Timestamp) -> Int {
        func count<Row>(_ old: [String: Row], _ new: [String: Row], _ version: (Row) -> UInt64) -> Int {
            new.count { old[$0.key].map(version) != version($0.value) } + old.count { new[$0.key] == nil }
        }
        let changes =
            count(before.nodes, self.nodes, \.version) + count(before.services, self.services, \.version)
            + count(before.tasks, self.tasks, \.version)
            + count(before.assets.rows, self.assets.rows, \.version)
        let text = Strings(self.language).unseen(changes)
        self.history.add("cluster", self.clusterID, self.name, text, .warning, at: now)
        return changes
    }

    mutating func apply(_ status: SwarmdConsoleStatus, now: Timestamp) {
        self.revision += 1
        let before = self.status
        defer { self.tellLeader(before: before, now: now) }
        for transition in status.transitions {
            self.note(
                Step(stage: Stage(transition.state), at: Timestamp(transition.at)),
                of: transition.taskID
            )
        }
        if self.steps.count > self.tasks.count + Self.strangerLimit {
            self.steps = self.steps.filter { self.tasks[$0.key] != nil }
        }
        var status = status
        if status.hasTrust {
            self.trust = Trust(status.trust, after: self.trust, now: Timestamp(status.at))
        }
        status.transitions = []
        status.clearTrust()
        self.status = status
        if !status.clusterName.isEmpty { self.name = status.clusterName }
    }

    /// Takes one change; the row `kept` stays for a moment when it is removed.
    mutating func apply(_ event: SwarmWatchMessage.Event, kept: String?, now: Timestamp) {
        self.revision += 1
        let before = self.rows(of: event)
        self.take(event, kept: kept, now: now)
        self.tell(event, before: before, now: now)
    }

    private mutating func take(_ event: SwarmWatchMessage.Event, kept: String?, now: Timestamp) {
        let removes = event.action == .watchActionRemove
        switch event.object.object {
        case .task(let task) where removes: self.remove(task: task.id, kept: kept == task.id ? now : nil)
        case .task(let task): self.put(TaskRow(task))
        case .service(let service) where removes:
            self.remove(service: service.id, kept: kept == service.id ? now : nil)
        case .service(let service): self.put(ServiceRow(service))
        case .node(let node) where removes: self.remove(node: node.id, kept: kept == node.id ? now : nil)
        case .node(let node): self.put(NodeRow(node))
        case .cluster(let cluster) where !removes: self.put(cluster)
        case .network(let network) where !removes: self.assets.put(AssetRow(network))
        case .secret(let secret) where !removes: self.assets.put(AssetRow(secret))
        case .config(let config) where !removes: self.assets.put(AssetRow(config))
        case .network, .secret, .config:
            let id = event.object.identity?.key.id ?? ""
            self.assets.remove(id, kept: kept == id ? now : nil)
        default: return
        }
    }

    private mutating func put(_ cluster: SwarmCluster) {
        guard cluster.id != self.clusterID || cluster.meta.version.index >= self.clusterVersion else {
            return
        }
        self.name = cluster.spec.annotations.name
        self.clusterID = cluster.id
        self.clusterVersion = cluster.meta.version.index
    }

    /// Drops the row `id` if it only stayed for the cursor.
    mutating func forget(_ id: String) {
        self.revision += 1
        if let task = self.tasks[id], task.gone != nil { self.remove(task: id, kept: nil) }
        if let service = self.services[id], service.gone != nil { self.remove(service: id, kept: nil) }
        if let node = self.nodes[id], node.gone != nil { self.remove(node: id, kept: nil) }
        if let row = self.assets.rows[id], row.gone != nil { self.assets.remove(id, kept: nil) }
    }

    private mutating func put(_ task: TaskRow) {
        if let old = self.tasks[task.id] {
            guard task.version >= old.version else { return }
            self.attentionOrder.remove(old.attentionKey)
            self.slotOrder.remove(old.slotKey)
            if old.gone == nil { self.count(old) { $0.remove(old) } }
        }
        self.tasks[task.id] = task
        self.attentionOrder.insert(task.attentionKey)
        self.slotOrder.insert(task.slotKey)
        self.count(task) { $0.add(task) }
        self.note(Step(stage: task.stage, at: task.since), of: task.id)
    }

    private mutating func put(_ service: ServiceRow) {
        let old = self.services[service.id]
        if let old {
            guard service.version >= old.version else { return }
            self.serviceOrder.remove(old.key)
        }
        self.assets.link(service, inPlaceOf: old)
        self.services[service.id] = service
        self.serviceOrder.insert(service.key)
    }

    private mutating func put(_ node: NodeRow) {
        var node = node
        if let old = self.nodes[node.id] {
            guard node.version >= old.version else { return }
            self.nodeOrder.remove(old.key)
            // The watch sends the stored node, which has no manager status: only listings do.
            if !node.hasManagerStatus, old.hasManagerStatus, node.isManager {
                node.hasManagerStatus = true
                node.isLeader = old.isLeader
                node.isReachable = old.isReachable
                node.addr = old.addr
            }
        }
        self.nodes[node.id] = node
        self.nodeOrder.insert(node.key)
    }

    private mutating func remove(task id: String, kept: Timestamp?) {
        guard var task = self.tasks[id] else { return }
        if task.gone == nil { self.count(task) { $0.remove(task) } }
        if let kept {
            task.gone = kept
            self.tasks[id] = task
            return
        }
        self.tasks[id] = nil
        self.steps[id] = nil
        self.attentionOrder.remove(task.attentionKey)
        self.slotOrder.remove(task.slotKey)
    }

    private mutating func remove(service id: String, kept: Timestamp?) {
        guard let service = self.services[id] else { return }
        if let kept {
            self.services[id]?.gone = kept
        } else {
            self.services[id] = nil
            self.serviceOrder.remove(service.key)
            self.assets.link(nil, inPlaceOf: service)
        }
    }

    private mutating func remove(node id: String, kept: Timestamp?) {
        guard let node = self.nodes[id] else { return }
        if let kept {
            self.nodes[id]?.gone = kept
        } else {
            self.nodes[id] = nil
            self.nodeOrder.remove(node.key)
        }
    }

    private mutating func count(_ task: TaskRow, _ change: (inout Tally) -> Void) {
        change(&self.total)
        change(&self.byService[task.serviceID, default: Tally()])
        if self.byService[task.serviceID]?.all == 0 { self.byService[task.serviceID] = nil }
        guard !task.nodeID.isEmpty else { return }
        change(&self.byNode[task.nodeID, default: Tally()])
        if self.byNode[task.nodeID]?.all == 0 { self.byNode[task.nodeID] = nil }
    }

    private mutating func note(_ step: Step, of task: String) {
        var steps = self.steps[task] ?? []
        guard !steps.contains(where: { $0.stage == step.stage }) else { return }
        steps.append(step)
        steps.sort { $0.stage < $1.stage }
        self.steps[task] = steps
    }
}

extension ClusterState {
    /// How many tasks `service` should have running.
    func wanted(_ service: ServiceRow) -> Int {
        switch service.mode {
        case .replicated(let replicas): Int(clamping: replicas)
        case .job(let completions): Int(clamping: completions)
        case .global, .globalJob: self.byService[service.id]?.wanted ?? 0
        }
    }

    /// How many tasks of `service` are where they should be.
    func running(_ service: ServiceRow) -> Int {
        guard let tally = self.byService[service.id] else { return 0 }
        switch service.mode {
        case .replicated, .global: return tally.running
        case .job, .globalJob: return tally[.complete]
        }
    }

    /// The service's task that most needs attention.
    func firstTask(of service: ServiceRow) -> TaskRow? {
        self.attentionOrder.keys.first { self.tasks[$0.id]?.serviceID == service.id }
            .flatMap { self.tasks[$0.id] }
    }

    /// The name of a node, or the beginning of its identifier.
    func nodeName(_ id: String) -> String {
        if id.isEmpty { return "-" }
        return self.nodes[id]?.name ?? String(id.prefix(12))
    }

    /// The name of a task: service and slot, or service and node for a global one.
    func taskName(_ task: TaskRow) -> String {
        let service = task.service.isEmpty ? String(task.serviceID.prefix(12)) : task.service
        if task.slot > 0 { return "\(service).\(task.slot)" }
        return "\(service).\(self.nodeName(task.nodeID))"
    }
}
