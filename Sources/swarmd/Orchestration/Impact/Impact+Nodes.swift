import StoreCore
import SwarmAPI

extension Impact {
    /// Gives a node another availability; what becomes of its tasks comes after.
    mutating func change(_ change: SwarmdPreviewNodeChange) throws(Mistake) {
        guard var node = self.state.nodes[change.nodeID] else {
            throw Mistake(text: "node \(change.nodeID) does not exist", isMissing: true)
        }
        node.spec.availability = change.availability
        self.put(node)
    }

    /// Stops what runs on a drained node; those of services with a number of tasks start elsewhere.
    mutating func empty(_ nodeID: String) {
        let tasks = self.state.tasks.find(.node(nodeID)).filter { $0.isWanted && !$0.hasEnded }
        for task in tasks.sorted(by: { ($0.serviceID, $0.slot, $0.id) < ($1.serviceID, $1.slot, $1.id) }) {
            guard let service = self.state.services[task.serviceID], !service.isPerNode else {
                self.stop(task, replaced: false)
                continue
            }
            self.stop(task, replaced: true)
            self.start(service, at: .slot(task.slot))
        }
    }

    /// Starts what services with a task on each node have to run on a node that takes tasks again.
    mutating func fill(_ nodeID: String) {
        guard let node = self.state.nodes[nodeID] else { return }
        for service in self.state.services.all where service.isPerNode && !service.isJob {
            guard NodeEligibility(service.spec.task).admits(node) else { continue }
            let tasks = self.state.tasks.find(.service(service.id))
            guard !tasks.contains(where: { $0.nodeID == nodeID && $0.isWanted }) else { continue }
            self.start(service, at: .node(nodeID))
        }
    }
}
