import SwarmAPI
import SwiftProtobuf

/// An amount of every resource: what a node offers, or what its tasks have reserved.
struct ResourceTally: Sendable, Equatable {
    var nanoCPUs: Int64 = 0
    var memoryBytes: Int64 = 0
    /// Counted resources, by kind.
    private(set) var counted: [String: Int64] = [:]
    /// Resources with identities of their own, by kind.
    private(set) var named: [String: Set<String>] = [:]

    init() {}

    init(_ resources: SwarmResources) {
        self.nanoCPUs = resources.nanoCpus
        self.memoryBytes = resources.memoryBytes
        self.add(resources.generic)
    }

    /// Adds what `task` holds, or takes it away again.
    mutating func count(_ task: SwarmTask, adding: Bool) {
        let reserved = task.spec.resources.reservations
        self.nanoCPUs &+= adding ? reserved.nanoCpus : -reserved.nanoCpus
        self.memoryBytes &+= adding ? reserved.memoryBytes : -reserved.memoryBytes
        if adding {
            self.add(task.assignedGenericResources)
        } else {
            self.remove(task.assignedGenericResources)
        }
    }

    /// Picks the generic resources that `task` reserves out of what is left; nil if that is not enough.
    ///
    /// Named resources are given out in the order of their names.
    func claim(_ wanted: [SwarmGenericResource], used: ResourceTally) -> [SwarmGenericResource]? {
        var claimed: [SwarmGenericResource] = []
        for case .discreteResourceSpec(let need)? in wanted.map(\.resource) {
            if let names = self.named[need.kind] {
                let free = names.subtracting(used.named[need.kind] ?? [])
                guard Int64(free.count) >= need.value else { return nil }
                claimed += free.sorted().prefix(Int(clamping: max(0, need.value))).map { name in
                    .with { $0.namedResourceSpec = .with { ($0.kind, $0.value) = (need.kind, name) } }
                }
            } else {
                let free = (self.counted[need.kind] ?? 0) - (used.counted[need.kind] ?? 0)
                guard free >= need.value else { return nil }
                claimed.append(.with { $0.discreteResourceSpec = need })
            }
        }
        return claimed
    }

    private mutating func add(_ resources: [SwarmGenericResource]) {
        for resource in resources {
            switch resource.resource {
            case .discreteResourceSpec(let part): self.counted[part.kind, default: 0] &+= part.value
            case .namedResourceSpec(let part): self.named[part.kind, default: []].insert(part.value)
            case nil: break
            }
        }
    }

    private mutating func remove(_ resources: [SwarmGenericResource]) {
        for resource in resources {
            switch resource.resource {
            case .discreteResourceSpec(let part): self.counted[part.kind, default: 0] &-= part.value
            case .namedResourceSpec(let part): self.named[part.kind]?.remove(part.value)
            case nil: break
            }
        }
    }
}
