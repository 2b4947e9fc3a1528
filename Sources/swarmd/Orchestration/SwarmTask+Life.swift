import Primitives
import SwarmAPI

extension SwarmTask {
    /// Whether the orchestrator still wants the task to run, now or after a delay; or to have run, as a job's.
    var isWanted: Bool { self.desiredState.rawValue <= SwarmTaskState.complete.rawValue }

    /// Whether the task is one that shall come to an end.
    var isOfJob: Bool { self.hasJobIteration }

    /// Whether the task has ended, for whatever reason.
    var hasEnded: Bool { self.status.state.rawValue > SwarmTaskState.running.rawValue }

    /// Whether a node may be running the task.
    var mayRun: Bool {
        self.status.state.rawValue >= SwarmTaskState.assigned.rawValue && !self.hasEnded
            && !self.nodeID.isEmpty
    }

    /// When the task's present status became known: by the manager's clock, else by the agent's.
    var statusMoment: Timestamp {
        Timestamp(self.status.hasAppliedAt ? self.status.appliedAt : self.status.timestamp)
    }

    /// Oldest first; equally old tasks by identifier.
    static func isOlder(_ left: SwarmTask, _ right: SwarmTask) -> Bool {
        (Timestamp(left.meta.createdAt), left.id) < (Timestamp(right.meta.createdAt), right.id)
    }
}

extension SwarmNode? {
    /// Whether tasks must leave the node: it is missing, down, or being drained.
    ///
    /// An unknown, disconnected or paused node keeps its tasks (SwarmKit `orchestrator/service.go`,
    /// `InvalidNode`).
    var mustBeLeft: Bool { self.isDown || self?.spec.availability == .drain }

    /// Whether nothing can run on the node: it is missing or down.
    var isDown: Bool {
        guard let node = self else { return true }
        return node.status.state == .down
    }
}
