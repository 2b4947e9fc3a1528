package import Primitives
package import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Looks through the store for what is given out twice, to nobody, or out of what is gone, and says how to repair it.
///
/// The allocator makes none of these, but a store may bring them from elsewhere: SwarmKit leaks addresses of tasks
/// whose network is removed under them (moby/moby 37338). Repairs only take away; the allocator and the orchestrator
/// then give anew. Of two holders the one stays that is harder to move: a service before a node before a task, what
/// runs before what does not, the older before the newer.
package struct AllocationAudit: Sendable {
    /// What was found, networks first, then in the order in which holders stay.
    package private(set) var findings: [AllocationFinding] = []
    let state: StoreState
    let now: Timestamp
    /// Objects as they are after the repairs so far.
    private var repaired: [ObjectKey: StoreValue] = [:]
    private var order: [ObjectKey] = []
    /// Who has each address and each port.
    private var addresses: [Holdings.Address: String] = [:]
    private var ports: [PublishedPort: SwarmService] = [:]

    /// Looks through `state`; repairs carry the time `now`.
    package init(of state: StoreState, now: Timestamp) {
        self.state = state
        self.now = now
        self.checkNetworks()
        for service in state.services.all.sorted(by: Self.olderFirst) { self.check(service) }
        for node in state.nodes.all.sorted(by: Self.olderFirst) { self.check(node) }
        let tasks = state.tasks.unordered.filter(\.holdsAddresses).sorted { one, other in
            let (here, there) = (one.status.state.rawValue, other.status.state.rawValue)
            return here == there ? Self.olderFirst(one, other) : here > there
        }
        for task in tasks { self.check(task) }
    }

    /// What repairs all that can be, one edit for each object.
    package var repairs: [StoreEdit] { self.order.compactMap { self.repaired[$0] }.map { .update($0) } }

    /// Whether an object was there before another: by its first version's time, then by its identifier.
    static func olderFirst<Object: StoreObject>(_ one: Object, _ other: Object) -> Bool {
        let (here, there) = (one.meta.createdAt, other.meta.createdAt)
        return (here.seconds, here.nanos, one.id) < (there.seconds, there.nanos, other.id)
    }

    // MARK: What the checks of each kind use

    mutating func report(
        _ kind: AllocationFinding.Kind,
        of object: StoreValue,
        _ problem: String,
        remedy: String,
        repairable: Bool = true
    ) {
        let finding = AllocationFinding(
            kind: kind,
            object: ObjectText.name(of: object, in: self.state),
            id: ObjectKey(object).id,
            problem: problem,
            remedy: remedy,
            isRepairable: repairable
        )
        self.findings.append(finding)
    }

    /// Notes how `object` is to be after the repair.
    mutating func repair(_ object: StoreValue) {
        let key = ObjectKey(object)
        if self.repaired.updateValue(object, forKey: key) == nil { self.order.append(key) }
    }

    /// Takes the address for `owner`; returns who has it already.
    mutating func take(_ address: IPAddress, in network: String, for owner: StoreValue) -> String? {
        let key = Holdings.Address(network: network, address: address)
        if let other = self.addresses[key] { return other }
        self.addresses[key] = ObjectText.name(of: owner, in: self.state)
        return nil
    }

    /// Takes the port for `owner`; returns who has it already.
    mutating func take(_ port: PublishedPort, for owner: SwarmService) -> SwarmService? {
        if let other = self.ports[port] { return other }
        self.ports[port] = owner
        return nil
    }
}

/// How an object is called when operators are told of it.
enum ObjectText {
    /// "service web", "task web.1", "node manager-1", "network front".
    static func name(of object: StoreValue, in state: StoreState) -> String {
        switch object {
        case .service(let service): "service \(service.spec.annotations.name)"
        case .network(let network): "network \(network.spec.annotations.name)"
        case .node(let node):
            "node \(node.description_p.hostname.isEmpty ? node.id : node.description_p.hostname)"
        case .task(let task): "task \(Self.name(of: task, in: state))"
        default: ObjectKey(object).id
        }
    }

    private static func name(of task: SwarmTask, in state: StoreState) -> String {
        let service = state.services[task.serviceID]?.spec.annotations ?? task.serviceAnnotations
        guard !service.name.isEmpty else { return task.id }
        let place = task.slot == 0 ? task.nodeID : String(task.slot)
        return "\(service.name).\(place)"
    }
}
