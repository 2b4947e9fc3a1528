import GroupSimulation
import SwarmAPI

/// Who may change what of a task (parity TS-02, TS-05).
enum WriterRule {
    static func check(_ task: SwarmTask, _ old: SwarmTask, by actor: Actor) throws(Violation) {
        let isSame = task.status.state == old.status.state
        let isPermitted: Bool =
            switch actor {
            case .orchestrator: isSame && task.nodeID == old.nodeID
            case .allocator: old.status.state == .new && (isSame || task.status.state == .pending)
            case .scheduler: old.status.state == .pending && (isSame || task.status.state == .assigned)
            case .constraintEnforcer, .volumeEnforcer:
                old.status.state.holdsNode && task.status.state == .rejected
            case .agents: Self.isReport(task, old)
            case .dispatcher: old.status.state.holdsNode && task.status.state == .orphaned
            case .users: !old.status.state.hasEnded && task.status.state == .orphaned
            case .jobSchedule, .reaper: false
            }
        guard isPermitted, actor == .orchestrator || task.desiredState == old.desiredState else {
            throw Violation(
                "each state has its writers (parity TS-02)",
                "\(actor) changes \(task.id) from \(old.desiredState)/\(old.status.state) "
                    + "to \(task.desiredState)/\(task.status.state)"
            )
        }
    }

    /// An agent reports of what was assigned to it, and nothing but the status.
    private static func isReport(_ task: SwarmTask, _ old: SwarmTask) -> Bool {
        let known = SwarmTaskState.accepted.rawValue...SwarmTaskState.rejected.rawValue
        return old.status.state.rawValue >= SwarmTaskState.assigned.rawValue
            && known.contains(task.status.state.rawValue) && task.networks == old.networks
    }
}
