import Scheduling
import SwarmAPI

/// Which nodes a service with a task on each node is meant for.
struct NodeEligibility {
    /// nil where the constraints cannot be read: they match no node.
    private let constraints: [Constraint]?

    init(_ spec: SwarmTaskSpec) { self.constraints = try? Constraint.parse(spec.placement.constraints) }

    /// Whether the service's task may stay on `node`.
    func keeps(_ node: SwarmNode?) -> Bool {
        guard let node, !Optional(node).mustBeLeft, let constraints else { return false }
        return constraints.allSatisfy { $0.matches(node) }
    }

    /// Whether the node may get a new task of the service; a paused node keeps what it has.
    func admits(_ node: SwarmNode) -> Bool { node.spec.availability != .pause && self.keeps(node) }

    /// Whether a job may begin on the node: unlike a service it does not come back to an absent one.
    func admitsJob(_ node: SwarmNode) -> Bool {
        node.spec.availability == .active && node.status.state == .ready && self.keeps(node)
    }
}

extension SwarmNode {
    /// Whether the node differs from `old` in anything that placement looks at.
    func isOther(than old: Self) -> Bool {
        self.spec != old.spec || self.description_p != old.description_p || self.role != old.role
            || self.status.state != old.status.state || self.status.addr != old.status.addr
    }
}
