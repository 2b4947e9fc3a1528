import GroupSimulation
import StoreCore
import SwarmAPI

/// No node gets more than it has: processors, memory, generic resources, host ports, tasks of one service.
enum RoomRule {
    /// Checks a node to which `new` was just assigned.
    ///
    /// The decision may have been made on an older state, of `before`: where the node has shrunk since, the
    /// enforcer has to follow. What the new tasks ask nothing of may be overdrawn since then.
    static func check(
        _ id: String,
        new: [SwarmTask],
        before: [StoreState],
        _ state: StoreState
    ) throws(Violation) {
        let tasks = state.tasks.find(.node(id)).filter(\.status.state.holdsNode)
        let offers = (before + [state]).compactMap { $0.nodes[id]?.description_p.resources }
        let (load, demand) = (NodeLoad(tasks), NodeLoad(new))
        guard offers.contains(where: { load.fits($0, where: demand) }) else {
            throw Violation("no node is over-subscribed", "\(id): \(load), tasks \(tasks.map(\.id))")
        }
        for task in new where task.spec.placement.maxReplicas > 0 && task.desiredState.isWanted {
            // Tasks of another spec may have had another limit.
            let copies = tasks.count {
                $0.serviceID == task.serviceID && $0.specVersion == task.specVersion
                    && $0.desiredState.isWanted
            }
            guard copies > Int(task.spec.placement.maxReplicas) else { continue }
            throw Violation(
                "no node has more tasks of a service than it may",
                "\(id): \(copies) of \(task.serviceID), at most \(task.spec.placement.maxReplicas)"
            )
        }
    }
}

/// What tasks hold of a node.
struct NodeLoad: Sendable {
    private(set) var processors: Int64 = 0
    private(set) var memory: Int64 = 0
    private(set) var ports: [String: Int] = [:]
    private(set) var counted: [String: Int64] = [:]
    private(set) var named: [String: Int] = [:]

    init(_ tasks: [SwarmTask]) {
        for task in tasks {
            self.processors += task.spec.resources.reservations.nanoCpus
            self.memory += task.spec.resources.reservations.memoryBytes
            for port in task.endpoint.ports where port.publishMode == .host && port.publishedPort != 0 {
                self.ports["\(port.publishedPort)/\(port.protocol)", default: 0] += 1
            }
            for resource in task.assignedGenericResources {
                switch resource.resource {
                case .discreteResourceSpec(let part)?: self.counted[part.kind, default: 0] += part.value
                case .namedResourceSpec(let part)?: self.named["\(part.kind)=\(part.value)", default: 0] += 1
                case nil: break
                }
            }
        }
    }

    /// Whether a node that offers `resources` can hold all of it, as far as `demand` asks for the same.
    func fits(_ resources: SwarmResources, where demand: NodeLoad) -> Bool {
        var names: Set<String> = []
        var counts: [String: Int64] = [:]
        for resource in resources.generic {
            switch resource.resource {
            case .discreteResourceSpec(let part)?: counts[part.kind, default: 0] += part.value
            case .namedResourceSpec(let part)?: names.insert("\(part.kind)=\(part.value)")
            case nil: break
            }
        }
        return (demand.processors == 0 || self.processors <= resources.nanoCpus)
            && (demand.memory == 0 || self.memory <= resources.memoryBytes)
            && demand.ports.keys.allSatisfy { self.ports[$0] == 1 }
            && demand.counted.keys.allSatisfy { self.counted[$0] ?? 0 <= counts[$0] ?? 0 }
            && demand.named.keys.allSatisfy { self.named[$0] == 1 && names.contains($0) }
    }
}
