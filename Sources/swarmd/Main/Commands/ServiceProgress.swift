import ControlClient
import Primitives
import SwarmAPI
import SwiftProtobuf

/// How far a service is from what its spec asks for; a pure model fed with a feed's events.
struct ServiceProgress: Sendable {
    /// How a wait ended.
    enum Verdict: Sendable, Equatable {
        case converged
        case failed(String)
    }

    /// One place that a task should fill.
    struct Place: Sendable, Equatable {
        /// `1/3`, or a node's id.
        var label: String
        /// A state, or the error that keeps the task from running.
        var text: String
        var isDone: Bool
    }

    /// How long all tasks must run before the service counts as converged, where its spec does not say
    /// (docker `service/progress`).
    static let standardMonitor = Duration.seconds(5)

    let serviceID: String
    private(set) var service: SwarmService
    private var tasks: [String: SwarmTask] = [:]
    private var nodes: [String: SwarmNode] = [:]
    private var isListed = false
    private var isRemoved = false
    private(set) var stableSince: Timestamp?
    /// Why nothing is heard at the moment.
    private(set) var outage: String?

    /// Begins with the service as its change was acknowledged.
    init(_ service: SwarmService) {
        self.serviceID = service.id
        self.service = service
    }

    /// Takes in an event; `now` is when it was heard.
    mutating func apply(_ event: FeedEvent, now: Timestamp) {
        switch event {
        case .connecting, .status: return
        case .lost(let reason): self.outage = reason
        case .listed(let listing): self.replace(with: listing)
        case .changed(let events): for event in events { self.apply(event) }
        }
        let isStable = self.isListed && self.outage == nil && self.done >= self.total
        if !isStable { self.stableSince = nil } else if self.stableSince == nil { self.stableSince = now }
    }

    private mutating func replace(with listing: ClusterListing) {
        self.isListed = true
        self.outage = nil
        self.tasks = Dictionary(
            listing.tasks.filter { $0.serviceID == self.serviceID }.map { ($0.id, $0) }
        ) { first, _ in first }
        self.nodes = Dictionary(listing.nodes.map { ($0.id, $0) }) { first, _ in first }
        if let service = listing.services.first(where: { $0.id == self.serviceID }) {
            self.take(service)
        } else {
            self.isRemoved = true
        }
    }

    private mutating func apply(_ event: SwarmWatchMessage.Event) {
        let removed = event.action == .watchActionRemove
        switch event.object.object {
        case .task(let task) where task.serviceID == self.serviceID:
            self.tasks[task.id] = removed ? nil : task
        case .node(let node): self.nodes[node.id] = removed ? nil : node
        case .service(let service) where service.id == self.serviceID:
            if removed { self.isRemoved = true } else { self.take(service) }
        default: return
        }
    }

    /// A listing may be older than the acknowledgement that we began with.
    private mutating func take(_ service: SwarmService) {
        if service.meta.version.index >= self.service.meta.version.index { self.service = service }
    }

    // MARK: - What it comes to

    /// Whether the service is a job, which is done when its tasks are complete.
    private var isJob: Bool {
        switch self.service.spec.mode {
        case .replicatedJob, .globalJob: true
        default: false
        }
    }

    /// The number of tasks that should be done.
    var total: Int {
        switch self.service.spec.mode {
        case .replicated(let mode): Int(clamping: mode.replicas)
        case .replicatedJob(let mode): Int(clamping: mode.totalCompletions)
        case .global, .globalJob, nil: max(self.eligibleNodes, Set(self.present.map(\.nodeID)).count)
        }
    }

    /// The number of tasks that are done: that run, or are complete for a job.
    var done: Int { self.places.count { $0.isDone } }

    /// Nodes that a global service without constraints must reach; with constraints only its tasks tell.
    private var eligibleNodes: Int {
        let placement = self.service.spec.task.placement
        guard placement.constraints.isEmpty, placement.platforms.isEmpty else { return 1 }
        return self.nodes.values.count { $0.status.state == .ready && $0.spec.availability == .active }
    }

    /// The tasks that count: of the present spec, and wanted.
    private var present: [SwarmTask] {
        self.tasks.values.filter { task in
            if self.isJob { return task.jobIteration == self.service.jobStatus.jobIteration }
            return task.desiredState.rawValue <= SwarmTaskState.running.rawValue
        }
    }

    private func isCurrent(_ task: SwarmTask) -> Bool {
        (task.hasSpecVersion && self.service.hasSpecVersion && task.specVersion == self.service.specVersion)
            || task.spec == self.service.spec.task
    }

    private func isDone(_ task: SwarmTask) -> Bool {
        if self.isJob { return task.status.state == .complete }
        return task.status.state == .running && self.isCurrent(task)
            && self.nodes[task.nodeID]?.status.state != .down
    }

    /// Every place with the task that fills it, in order.
    var places: [Place] {
        var best: [String: SwarmTask] = [:]
        for task in self.present {
            let key = task.slot > 0 ? "\(task.slot)" : task.nodeID
            if let other = best[key], !Self.isBetter(task, than: other) { continue }
            best[key] = task
        }
        let ordered = best.sorted { left, right in
            left.value.slot != right.value.slot ? left.value.slot < right.value.slot : left.key < right.key
        }
        return ordered.enumerated().map { position, entry in
            let label = entry.value.slot > 0 ? "\(position + 1)/\(self.total)" : Words.short(entry.key)
            let isDone = self.isDone(entry.value)
            return Place(label: label, text: isDone ? self.doneWord : self.text(entry.value), isDone: isDone)
        }
    }

    private var doneWord: String { self.isJob ? "complete" : "running" }

    /// Of two tasks of a place, a job's complete one counts, else the one made last.
    private static func isBetter(_ task: SwarmTask, than other: SwarmTask) -> Bool {
        if (task.status.state == .complete) != (other.status.state == .complete) {
            return task.status.state == .complete
        }
        let (made, before) = (Timestamp(task.meta.createdAt), Timestamp(other.meta.createdAt))
        return made != before ? made > before : task.id > other.id
    }

    private func text(_ task: SwarmTask) -> String {
        if !task.status.err.isEmpty { return task.status.err }
        if task.status.state == .running, !self.isCurrent(task) { return "running, to be updated" }
        return Words.state(task.status.state)
    }

    /// The number of tasks of a place that failed before: a task that keeps failing is told with its error.
    var lastFailure: String? {
        self.tasks.values
            .filter {
                [.failed, .rejected].contains($0.status.state) && !$0.status.err.isEmpty && self.isCurrent($0)
            }
            .max { Timestamp($0.status.timestamp) < Timestamp($1.status.timestamp) }
            .map { "\(Words.taskName($0)): \($0.status.err)" }
    }

    /// How long stability is watched.
    var monitor: Duration {
        if self.isJob { return .zero }
        guard self.service.spec.hasUpdate, self.service.spec.update.hasMonitor else {
            return Self.standardMonitor
        }
        let monitor = self.service.spec.update.monitor.span
        return monitor > .zero ? monitor : Self.standardMonitor
    }

    /// How long stability must still be watched; nil while there is none.
    func remaining(now: Timestamp) -> Duration? {
        self.stableSince.map { max(.zero, self.monitor - (now - $0)) }
    }

    /// The end of the wait, once it is known.
    func verdict(now: Timestamp) -> Verdict? {
        if self.isRemoved { return .failed("the service was removed") }
        let status = self.service.updateStatus
        switch status.state {
        case .paused: return .failed("service update paused: \(status.message)")
        case .rollbackPaused: return .failed("service rollback paused: \(status.message)")
        case .rollbackCompleted: return .failed("service rolled back: \(status.message)")
        case .updating, .rollbackStarted, .unknown, .completed, .UNRECOGNIZED: break
        }
        guard let remaining = self.remaining(now: now), remaining <= .zero else { return nil }
        return .converged
    }
}
