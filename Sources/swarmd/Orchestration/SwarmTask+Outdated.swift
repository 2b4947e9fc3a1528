import Scheduling
import StoreCore
import SwarmAPI

extension SwarmTask {
    /// Whether the task differs from what its service would make now.
    ///
    /// A new version of the service does not make a task outdated as long as the task's part of it is the
    /// same. Credentials for pulling the image do not matter once it is there, and other constraints not as
    /// long as the task's node meets them (SwarmKit `orchestrator/task.go`, `IsTaskDirty`).
    func isOutdated(for service: SwarmService, on state: StoreState) -> Bool {
        if self.hasSpecVersion, service.hasSpecVersion, self.specVersion == service.specVersion {
            return false
        }
        if self.hasEndpoint, self.endpoint.spec != service.spec.endpoint { return true }
        guard self.spec != service.spec.task else { return false }
        var expected = service.spec.task
        if self.meetsConstraints(of: expected, on: state) {
            expected.placement.constraints = self.spec.placement.constraints
            if !self.spec.hasPlacement, expected.placement == SwarmPlacement() { expected.clearPlacement() }
        }
        let prepared = SwarmTaskState.ready.rawValue...SwarmTaskState.running.rawValue
        if prepared.contains(self.status.state.rawValue), case .container(let ours)? = self.spec.runtime,
            case .container(var theirs)? = expected.runtime
        {
            if ours.hasPullOptions {
                theirs.pullOptions = ours.pullOptions
            } else {
                theirs.clearPullOptions()
            }
            expected.runtime = .container(theirs)
        }
        return self.spec != expected
    }

    private func meetsConstraints(of spec: SwarmTaskSpec, on state: StoreState) -> Bool {
        guard spec.placement.constraints != self.spec.placement.constraints,
            let node = state.nodes[self.nodeID],
            let constraints = try? Constraint.parse(spec.placement.constraints)
        else { return false }
        return constraints.allSatisfy { $0.matches(node) }
    }
}
