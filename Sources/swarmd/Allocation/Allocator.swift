package import Primitives
package import StoreCore
import SwarmAPI

/// Gives networks, services, nodes and tasks what they need of the network, and then lets tasks be scheduled.
///
/// A task leaves NEW for PENDING when everything is provided; until then its status says what it waits for
/// (SwarmKit `manager/allocator`). Each kind waits until what it builds on is committed: a service for its
/// networks, a task for its service. What cannot be given is tried again whenever something is given back or
/// changes; what is held follows from the store alone (`Holdings`), so a new leader begins where the last one was.
package struct Allocator: Reconciler {
    var ledger = Ledger()
    /// Objects to decide on.
    var due = AllocationDue()
    /// Objects that wait for something that could not be provided, and why.
    var waiting = AllocationWaiting()

    package init() {}

    /// Never: only a commit changes what can be provided.
    package var deadline: Timestamp? { nil }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        self.ledger = Ledger(of: state)
        self.due.networks = Set(state.networks.unordered.lazy.map(\.id))
        self.due.services = Set(state.services.unordered.lazy.map(\.id))
        self.due.nodes = Set(state.nodes.unordered.lazy.map(\.id))
        self.due.tasks = Set(state.tasks.unordered.lazy.filter(\.isWaitingForAllocation).map(\.id))
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        var isFreed = false
        for change in commit.changes {
            isFreed = self.ledger.observe(change) || isFreed
            self.note(change)
        }
        if isFreed { self.retry() }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        let due = self.due
        self.due = AllocationDue()
        let ingress = state.ingressNetwork
        let networks = due.networks.compactMap { state.networks[$0] }.sorted { one, other in
            (one.id == ingress?.id ? 0 : one.asksForItsOwn ? 1 : 2, one.id)
                < (other.id == ingress?.id ? 0 : other.asksForItsOwn ? 1 : 2, other.id)
        }
        var edits = networks.compactMap { self.planNetwork($0, on: state) }
        let nodes = due.allNodes ? Set(state.nodes.unordered.map(\.id)) : due.nodes
        edits += nodes.sorted().compactMap { self.planNode($0, on: state, ingress: ingress) }
        let services = due.services.compactMap { state.services[$0] }.sorted {
            ($0.hasStaticPorts ? 0 : 1, $0.id) < ($1.hasStaticPorts ? 0 : 1, $1.id)
        }
        edits += services.compactMap { self.planService($0, on: state, ingress: ingress) }
        var readiness: [String: ServiceReadiness] = [:]
        for id in due.tasks.sorted() {
            guard let task = state.tasks[id], task.isWaitingForAllocation else { continue }
            edits += self.planTask(task, on: state, ingress, &readiness, now: now).map { [$0] } ?? []
        }
        return edits
    }

    // MARK: What a commit makes due

    private mutating func note(_ change: StoreChange) {
        switch change {
        case .create(.task(let task)), .update(.task(let task), _), .remove(.task(let task)):
            self.waiting.tasks[task.id] = nil
            if change.new != nil, task.isWaitingForAllocation { self.due.tasks.insert(task.id) }
            if Self.movesNetworks(change) { self.due.nodes.insert(task.nodeID) }
        case .create(.service(let service)), .update(.service(let service), _):
            self.due.services.insert(service.id)
            self.due.tasks.formUnion(self.waiting.tasks.filter { $0.value == service.id }.keys)
        case .remove(.service(let service)): self.waiting.services[service.id] = nil
        case .create(.node(let node)), .update(.node(let node), _): self.due.nodes.insert(node.id)
        case .remove(.node(let node)): self.waiting.nodes.remove(node.id)
        case .create(.network(let network)), .update(.network(let network), _),
            .remove(.network(let network)):
            self.waiting.networks[network.id] = nil
            if change.new != nil { self.due.networks.insert(network.id) }
            if network.isIngress || change.new == nil { self.due.allNodes = true }
            self.retry()
        case .create(.cluster), .update(.cluster, _): self.retry()
        default: break
        }
    }

    /// Whether the change of a task may change which networks its node needs.
    private static func movesNetworks(_ change: StoreChange) -> Bool {
        func needs(_ value: StoreValue?) -> (node: String, networks: [SwarmNetworkAttachment])? {
            guard case .task(let task)? = value, !task.nodeID.isEmpty, !task.networks.isEmpty else {
                return nil
            }
            return task.holdsAddresses ? (task.nodeID, task.networks) : nil
        }
        let (old, new) = (needs(change.old), needs(change.new))
        guard let old, let new else { return (old == nil) != (new == nil) }
        return old.node != new.node || old.networks.map(\.network.id) != new.networks.map(\.network.id)
    }

    /// Has all that waits tried again.
    private mutating func retry() {
        self.due.networks.formUnion(self.waiting.networks.keys)
        self.due.services.formUnion(self.waiting.services.keys)
        self.due.nodes.formUnion(self.waiting.nodes)
        self.due.tasks.formUnion(self.waiting.tasks.keys)
    }
}
