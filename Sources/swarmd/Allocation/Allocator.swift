package import Primitives
package import StoreCore
import SwarmAPI

/// Gives services and tasks what they need of the network, and then lets the tasks be scheduled.
///
/// A task leaves NEW for PENDING when everything is provided; until then its status says what it waits for
/// (SwarmKit `manager/allocator`). What takes no cluster-wide reservation is provided here: no network, the
/// node's own networks, and ports of the hosts themselves.
package struct Allocator: Reconciler {
    /// Services whose endpoint is to be compared with their spec.
    private var services: Set<String> = []
    /// Tasks to decide on.
    private var due: Set<String> = []
    /// Tasks that wait for something that could not be provided.
    private var waiting: Set<String> = []

    package init() {}

    /// Never: only a commit changes what can be provided.
    package var deadline: Timestamp? { nil }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        self.services = Set(state.services.unordered.lazy.map(\.id))
        self.due = Set(state.tasks.unordered.lazy.filter(\.isWaitingForAllocation).map(\.id))
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for change in commit.changes {
            switch change {
            case .create(.task(let task)), .update(.task(let task), _):
                self.forget(task.id)
                if task.isWaitingForAllocation { self.due.insert(task.id) }
            case .remove(.task(let task)): self.forget(task.id)
            case .create(.service(let service)), .update(.service(let service), _):
                self.services.insert(service.id)
                self.retry()
            case .create(.network), .update(.network, _), .remove(.network): self.retry()
            default: break
            }
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        defer { (self.services, self.due) = ([], []) }
        var edits = self.services.sorted().compactMap { id in
            state.services[id].flatMap { Self.allocate($0, on: state) }
        }
        for id in self.due.sorted() {
            guard let task = state.tasks[id], task.isWaitingForAllocation else { continue }
            edits += self.allocate(task, on: state, now: now).map { [$0] } ?? []
        }
        return edits
    }

    private mutating func forget(_ id: String) {
        self.due.remove(id)
        self.waiting.remove(id)
    }

    /// Has the waiting tasks tried again.
    private mutating func retry() {
        self.due.formUnion(self.waiting)
        self.waiting = []
    }

    /// Brings the service's endpoint in line with its spec, where that takes no reservation.
    private static func allocate(_ service: SwarmService, on state: StoreState) -> StoreEdit? {
        let needs = NetworkNeeds(of: service.spec.task, service: service.spec, on: state)
        guard case .none(let endpoint, _) = needs else { return nil }
        var allocated = service
        if let endpoint { allocated.endpoint = endpoint } else { allocated.clearEndpoint() }
        return allocated == service ? nil : .update(allocated.value)
    }

    /// Lets the task be scheduled, or says what it waits for; nil if it says so already.
    private mutating func allocate(_ task: SwarmTask, on state: StoreState, now: Timestamp) -> StoreEdit? {
        let service = state.services[task.serviceID]
        var updated = task
        switch NetworkNeeds(of: task.spec, service: service?.spec, on: state) {
        case .none(let endpoint, let attachments):
            updated.networks = attachments
            if let endpoint { updated.endpoint = endpoint }
            updated.status.state = .pending
            updated.status.message = "pending task scheduling"
        case .unavailable(let reason):
            self.waiting.insert(task.id)
            updated.status.message = "waiting for network allocation: \(reason)"
            guard updated.status.message != task.status.message else { return nil }
        }
        updated.status.timestamp = now.protobuf
        return .update(updated.value)
    }
}

extension SwarmTask {
    fileprivate var isWaitingForAllocation: Bool {
        self.status.state == .new && self.desiredState.rawValue <= SwarmTaskState.complete.rawValue
    }
}
