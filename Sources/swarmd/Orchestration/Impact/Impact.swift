package import Primitives
package import StoreCore
package import SwarmAPI
import Scheduling
import SwiftProtobuf

/// What changes of nodes and services would do to tasks, were they made at once: nothing is changed.
///
/// Pure: the changes are made on a copy of the store as the orchestrators would make them, all at once and without
/// the pauses of updates and drains, and the scheduler itself then places what has to be placed.
package struct Impact {
    /// Why changes make no sense, in the words for whoever thought of them.
    package struct Mistake: Error, Equatable {
        package let text: String
        /// Whether an object is meant that does not exist.
        package var isMissing = false
    }

    /// How many tasks are placed at most; the answer says when there were more.
    package static let taskLimit = 10_000
    /// What the identifiers of tasks begin with that do not exist.
    private static let prefix = "preview-"

    /// The store as it would be.
    private(set) var state: StoreState
    /// The tasks that stop, as they were.
    private(set) var stopping: [SwarmTask] = []
    /// How many of them get no successor.
    private(set) var unreplaced = 0
    /// The tasks that have to be placed, in order.
    private(set) var starting: [SwarmTask] = []
    /// How many there are beyond the limit.
    private var excess = 0
    private var started = 0
    private let before: StoreState
    private let limit: Int

    init(_ state: StoreState, limit: Int) {
        (self.state, self.before, self.limit) = (state, state, limit)
    }

    /// Says what `request` would do to the cluster of `state`.
    package static func preview(
        _ request: SwarmdPreviewRequest,
        on state: StoreState,
        now: Timestamp,
        limit: Int = Impact.taskLimit
    ) throws(Mistake) -> SwarmdPreviewResponse {
        var impact = Self(state, limit: limit)
        for change in request.nodes { try impact.change(change) }
        for change in request.nodes where change.availability == .drain { impact.empty(change.nodeID) }
        for change in request.nodes where change.availability == .active { impact.fill(change.nodeID) }
        for change in request.services { try impact.change(change) }
        let trial = DryRun.trial(impact.starting, on: impact.state, now: now)
        return ImpactReport(impact, trial, request).response
    }

    /// Whether some tasks were left out.
    var isCut: Bool { self.excess > 0 }
    /// How many tasks have to be placed, those left out too.
    var startCount: Int { self.starting.count + self.excess }
    /// The store before the changes.
    var origin: StoreState { self.before }
}

// MARK: Tasks

extension Impact {
    /// Stops `task`; `frees` says whether it gives its resources back before a successor is placed.
    mutating func stop(_ task: SwarmTask, replaced: Bool, frees: Bool = true) {
        if task.id.hasPrefix(Self.prefix) {
            self.starting.removeAll { $0.id == task.id }
        } else {
            self.stopping.append(task)
            if !replaced { self.unreplaced += 1 }
        }
        var old = task
        old.desiredState = .shutdown
        if frees { old.status.state = .shutdown }
        self.state.tasks.replace(old)
    }

    /// Starts a task of `service` in a slot or, where each node gets one, on the node.
    mutating func start(_ service: SwarmService, at place: Place) {
        guard self.starting.count < self.limit else {
            self.excess += 1
            return
        }
        self.started += 1
        let task = SwarmTask.with {
            $0.id = "\(Self.prefix)\(self.started)"
            $0.serviceID = service.id
            $0.serviceAnnotations.name = service.spec.annotations.name
            switch place {
            case .slot(let slot): $0.slot = slot
            case .node(let id): $0.nodeID = id
            }
            $0.spec = service.spec.task
            $0.specVersion = service.specVersion
            $0.endpoint.spec = service.spec.endpoint
            $0.endpoint.ports = service.spec.endpoint.ports
            $0.desiredState = .running
            $0.status.state = .pending
        }
        self.starting.append(task)
        // What is changed next counts with it.
        self.state.tasks.replace(task)
    }

    /// Counts tasks that start and are not looked at.
    mutating func leaveOut(_ count: UInt64) { self.excess += Int(clamping: min(count, UInt64(UInt32.max))) }

    /// Puts a changed service in its place.
    mutating func put(_ service: SwarmService) { self.state.services.replace(service) }

    /// Puts a changed node in its place.
    mutating func put(_ node: SwarmNode) { self.state.nodes.replace(node) }
}
