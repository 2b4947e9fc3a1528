package import Primitives
package import StoreCore
package import SwarmAPI
import SwiftProtobuf

extension DryRun {
    /// Where tasks would go, and what there was room for before.
    package struct Trial: Sendable {
        /// Where each of the tasks would go, in their order.
        package let placements: [Placement]
        /// How many tasks that wait already would get a node too.
        package let relieved: Int
        package let room: Room
    }

    /// What the nodes that could take tasks have left.
    package struct Room: Sendable, Equatable {
        package var nodes = 0
        package var nanoCPUs: Int64 = 0
        package var memoryBytes: Int64 = 0
    }

    /// Has the scheduler place `tasks`, which are not in `state`, beside what waits there already.
    package static func trial(_ tasks: [SwarmTask], on state: StoreState, now: Timestamp) -> Trial {
        let result = Self.place(tasks, on: state, now: now)
        return Trial(placements: result.list, relieved: result.relieved, room: result.room)
    }

    /// The constraints of `spec` that keep out nodes which could take tasks otherwise, in their order.
    ///
    /// Those that cannot be read match no node, and are told as they are written.
    package static func hindrances(in spec: SwarmTaskSpec, on state: StoreState) -> [String] {
        let ready = state.nodes.all.filter { $0.status.state == .ready && $0.spec.availability == .active }
        return spec.placement.constraints.filter { text in
            guard let constraint = try? Constraint(text) else { return true }
            return ready.contains { !constraint.matches($0) }
        }
    }

    /// Whether `node` meets all the constraints of `spec`.
    package static func meets(_ spec: SwarmTaskSpec, _ node: SwarmNode) -> Bool {
        guard let constraints = try? Constraint.parse(spec.placement.constraints) else { return false }
        return constraints.allSatisfy { $0.matches(node) }
    }
}
