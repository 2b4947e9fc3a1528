import SwarmAPI

/// What of a node's resources is left while its tasks are gone through.
struct NodeRoom: Sendable {
    /// nil where the node has not told what it has.
    private var processors: Int64?
    private var memory: Int64?
    private var counts: [String: Int64] = [:]
    private var names: Set<String> = []
    private let isKnown: Bool

    init(of node: SwarmNode) {
        self.isKnown = node.hasDescription_p && node.description_p.hasResources
        guard self.isKnown else { return }
        let resources = node.description_p.resources
        self.processors = resources.nanoCpus
        self.memory = resources.memoryBytes
        for resource in resources.generic {
            switch resource.resource {
            case .namedResourceSpec(let part)?: self.names.insert("\(part.kind)=\(part.value)")
            case .discreteResourceSpec(let part)?: self.counts[part.kind, default: 0] += part.value
            case nil: break
            }
        }
    }

    /// Takes what `task` has reserved; returns false, and takes nothing, where that is too much.
    ///
    /// One task that does not fit says nothing of the next one (parity BUG-04).
    mutating func take(_ task: SwarmTask) -> Bool {
        guard self.isKnown else { return true }
        var left = self
        let reserved = task.spec.resources.reservations
        guard Self.subtract(reserved.nanoCpus, from: &left.processors),
            Self.subtract(reserved.memoryBytes, from: &left.memory)
        else { return false }
        for resource in task.assignedGenericResources {
            switch resource.resource {
            case .namedResourceSpec(let part)?:
                guard left.names.remove("\(part.kind)=\(part.value)") != nil else { return false }
            case .discreteResourceSpec(let part)?:
                left.counts[part.kind, default: 0] -= part.value
                guard left.counts[part.kind, default: 0] >= 0 else { return false }
            case nil: break
            }
        }
        self = left
        return true
    }

    private static func subtract(_ amount: Int64, from room: inout Int64?) -> Bool {
        guard amount > 0, let present = room else { return true }
        guard present >= amount else { return false }
        room = present - amount
        return true
    }
}
