import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Puts together what the console and the commands tell of an impact.
struct ImpactReport {
    /// How many reasons, and how many services, are told one by one.
    private static let listLimit = 100
    /// How many slots of one reason are named.
    private static let slotLimit = 10

    private let impact: Impact
    private let trial: DryRun.Trial
    private let request: SwarmdPreviewRequest

    init(_ impact: Impact, _ trial: DryRun.Trial, _ request: SwarmdPreviewRequest) {
        (self.impact, self.trial, self.request) = (impact, trial, request)
    }

    /// All of it.
    var response: SwarmdPreviewResponse {
        let placed = self.trial.placements.count { $0.nodeID != nil }
        return .with {
            $0.stopping = UInt32(clamping: self.impact.stopping.count)
            $0.unreplaced = UInt32(clamping: self.impact.unreplaced)
            $0.starting = UInt32(clamping: self.impact.startCount)
            $0.placed = UInt32(clamping: placed)
            $0.relieved = UInt32(clamping: max(0, self.trial.relieved))
            $0.places = self.places
            $0.pending = Array(self.pending.prefix(Self.listLimit))
            $0.services = Array(self.services.prefix(Self.listLimit))
            $0.room = self.room
            $0.cut = self.impact.isCut
        }
    }

    private var places: [SwarmdPreviewPlace] {
        let counts = Dictionary(self.trial.placements.compactMap { $0.nodeID.map { ($0, 1) } }) { $0 + $1 }
        return counts.map { id, tasks in
            .with {
                $0.nodeID = id
                $0.hostname = self.hostname(id)
                $0.tasks = UInt32(clamping: tasks)
            }
        }.sorted { ($1.tasks, $0.hostname, $0.nodeID) < ($0.tasks, $1.hostname, $1.nodeID) }
    }

    private var room: SwarmdPreviewRoom {
        .with { room in
            room.nodes = UInt32(clamping: self.trial.room.nodes)
            room.freeNanoCpus = self.trial.room.nanoCPUs
            room.freeMemoryBytes = self.trial.room.memoryBytes
            for task in self.impact.starting {
                room.neededNanoCpus &+= task.spec.resources.reservations.nanoCpus
                room.neededMemoryBytes &+= task.spec.resources.reservations.memoryBytes
            }
        }
    }

    private func hostname(_ id: String) -> String {
        let name = self.impact.origin.nodes[id]?.description_p.hostname ?? ""
        return name.isEmpty ? id : name
    }
}

// MARK: What stays PENDING

extension ImpactReport {
    private struct Cause: Hashable {
        var serviceID: String
        var reason: String
    }

    /// Alike tasks together, those of the first task first.
    private var pending: [SwarmdPreviewPending] {
        var order: [Cause] = []
        var found: [Cause: SwarmdPreviewPending] = [:]
        for (task, placement) in zip(self.impact.starting, self.trial.placements)
        where placement.nodeID == nil {
            let cause = Cause(serviceID: task.serviceID, reason: placement.reason)
            if found[cause] == nil {
                order.append(cause)
                found[cause] = self.pending(task, placement.reason)
            }
            found[cause]?.tasks += 1
            if task.slot > 0, found[cause]?.slots.count ?? 0 < Self.slotLimit {
                found[cause]?.slots.append(task.slot)
            }
        }
        return order.compactMap { found[$0] }
    }

    private func pending(_ task: SwarmTask, _ reason: String) -> SwarmdPreviewPending {
        .with {
            $0.serviceID = task.serviceID
            $0.serviceName = task.serviceAnnotations.name
            $0.reason = reason
            $0.constraints = DryRun.hindrances(in: task.spec, on: self.impact.state)
            guard let node = self.helper(for: task) else { return }
            $0.nodeID = node.id
            $0.hostname = self.hostname(node.id)
        }
    }

    /// The node of the request that meets the task's constraints and takes no tasks any more.
    private func helper(for task: SwarmTask) -> SwarmNode? {
        guard !task.spec.placement.constraints.isEmpty else { return nil }
        return self.request.nodes.lazy.filter { $0.availability != .active }
            .compactMap { self.impact.origin.nodes[$0.nodeID] }
            .first { $0.status.state == .ready && DryRun.meets(task.spec, $0) }
    }
}

// MARK: What becomes of services

extension ImpactReport {
    private var services: [SwarmdPreviewService] {
        let touched = Set(self.impact.stopping.map(\.serviceID) + self.impact.starting.map(\.serviceID))
        let tasks = zip(self.impact.starting, self.trial.placements)
        let starting = Dictionary(grouping: tasks) { $0.0.serviceID }
        let stopping = Dictionary(grouping: self.impact.stopping, by: \.serviceID)
        return touched.compactMap { self.impact.state.services[$0] }
            .sorted { ($0.spec.annotations.name, $0.id) < ($1.spec.annotations.name, $1.id) }
            .map { service in
                self.service(
                    service,
                    stopping: stopping[service.id] ?? [],
                    starting: (starting[service.id] ?? []).map(\.1)
                )
            }
    }

    private func service(
        _ service: SwarmService,
        stopping: [SwarmTask],
        starting: [DryRun.Placement]
    ) -> SwarmdPreviewService {
        let now = self.impact.origin.tasks.find(.service(service.id))
        let running = now.filter { $0.isWanted && $0.status.state == .running }
        let placed = starting.compactMap(\.nodeID)
        let kept = self.impact.state.tasks.find(.service(service.id))
            .filter { $0.isWanted && $0.mayRun }.map(\.nodeID)
        let reserved = service.spec.task.resources.reservations
        return .with {
            $0.serviceID = service.id
            $0.serviceName = service.spec.annotations.name
            $0.running = UInt32(clamping: running.count)
            $0.wanted = self.wanted(service, kept: kept.count, starting: starting.count)
            $0.stopping = UInt32(clamping: stopping.count { $0.status.state == .running })
            $0.starting = UInt32(clamping: starting.count)
            $0.placed = UInt32(clamping: placed.count)
            $0.nanoCpus = reserved.nanoCpus
            $0.memoryBytes = reserved.memoryBytes
            let key = Self.spreadKey(service.spec.task)
            $0.spreadOver = key
            $0.spread = self.spread(kept + placed, over: key)
        }
    }

    private func wanted(_ service: SwarmService, kept: Int, starting: Int) -> UInt64 {
        switch service.spec.mode {
        case .replicated(let mode)?: mode.replicas
        case .replicatedJob(let mode)?: mode.totalCompletions
        case .global?, .globalJob?, nil: UInt64(kept + starting)
        }
    }

    /// The first placement preference; without one, tasks are spread over nodes.
    private static func spreadKey(_ spec: SwarmTaskSpec) -> String {
        spec.placement.preferences.lazy.map(\.spread.spreadDescriptor).first { !$0.isEmpty } ?? "node"
    }

    private func spread(_ nodes: [String], over key: String) -> [SwarmdPreviewSpread] {
        let counts = Dictionary(nodes.map { (self.value(of: key, $0), 1) }) { $0 + $1 }
        return counts.sorted { $0.key < $1.key }.prefix(Self.listLimit).map { value, tasks in
            .with {
                $0.value = value
                $0.tasks = UInt32(clamping: tasks)
            }
        }
    }

    private func value(of key: String, _ nodeID: String) -> String {
        guard let node = self.impact.origin.nodes[nodeID] else { return "" }
        for (prefix, labels) in [
            ("node.labels.", node.spec.annotations.labels),
            ("engine.labels.", node.description_p.engine.labels),
        ] where key.hasPrefix(prefix) {
            return labels[String(key.dropFirst(prefix.count))] ?? ""
        }
        return self.hostname(nodeID)
    }
}
