import GroupSimulation
import Primitives
import StoreCore
import SwarmAPI

/// A task starts when the one before it at its place has stopped, unless its service starts the new one first.
///
/// Not waited for is a task whose node is down, and one that takes more than a minute to stop.
enum SlotRule {
    private static let patience = Duration.seconds(58)

    static func check(
        _ task: SwarmTask,
        old: SwarmTask?,
        seen: StoreState,
        state: StoreState,
        now: Timestamp
    ) throws(Violation) {
        let isStart = task.desiredState.isStarted && !(old?.desiredState.isStarted ?? false)
        guard isStart, let service = state.services[task.serviceID] else { return }
        guard !service.startsFirst(on: state), seen.services[service.id]?.startsFirst(on: seen) != true else {
            return
        }
        let rivals = state.tasks.find(.service(service.id)).filter {
            $0.id != task.id && $0.slot == task.slot && (task.slot != 0 || $0.nodeID == task.nodeID)
                && $0.jobIteration == task.jobIteration && $0.status.state.holdsNode
        }
        let age = now - Timestamp(task.meta.createdAt)
        for rival in rivals where age < Self.patience {
            let isDown = [seen, state].contains { $0.nodes[rival.nodeID]?.status.state ?? .down == .down }
            // A task that was not even allocated at the time of the decision is stopped before it runs.
            let wasIdle =
                seen.tasks[rival.id].map { $0.status.state.hasEnded || $0.status.state == .new } ?? true
            guard isDown || wasIdle else {
                throw Violation(
                    "no two tasks run at one place",
                    "\(task.serviceID).\(task.slot) \(task.id) starts, \(rival.id) is "
                        + "\(rival.desiredState)/\(rival.status.state) on \(rival.nodeID)"
                )
            }
        }
    }
}

extension SwarmTaskState {
    /// Whether a task of which this is desired may start.
    fileprivate var isStarted: Bool { self == .running || self == .complete }
}

extension SwarmService {
    /// Whether a task of the service may start before the old one stops: by its update, its rollback, or the way
    /// in which nodes are drained.
    func startsFirst(on state: StoreState) -> Bool {
        [self.spec.update.order, self.spec.rollback.order, self.previousSpec.update.order].contains(
            .startFirst
        )
            || state.nodes.unordered.contains {
                $0.spec.annotations.labels["swarmd.drain.order"] == "start-first"
            }
    }
}
