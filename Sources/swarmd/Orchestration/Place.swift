import SwarmAPI

/// What holds a task of a service: a numbered slot, or the node itself where every node gets one.
enum Place: Hashable, Comparable, Sendable {
    /// Slots count from one; a job of a SwarmKit leader also has a slot 0.
    case slot(UInt64)
    case node(String)

    /// The place of `task`, in a service whose tasks are counted by node or not.
    init(of task: SwarmTask, perNode: Bool) { self = perNode ? .node(task.nodeID) : .slot(task.slot) }
}

extension SwarmService {
    /// Whether the service has one task on each node instead of a number of them.
    var isPerNode: Bool {
        switch self.spec.mode {
        case .global?, .globalJob?: true
        case .replicated?, .replicatedJob?, nil: false
        }
    }

    /// Whether tasks of the service run to an end instead of being kept running.
    var isJob: Bool {
        switch self.spec.mode {
        case .replicatedJob?, .globalJob?: true
        case .replicated?, .global?, nil: false
        }
    }
}
