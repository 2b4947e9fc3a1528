import GroupSimulation
import StoreCore
import SwarmAPI

// What must be true when nothing goes wrong any more.
extension SimulatedCluster {
    /// Looks whether everything is as it was asked for; then a new leader must find nothing to do.
    mutating func look() throws(Violation) {
        let reason = Convergence(state: self.state).unmet ?? self.strayed ?? self.unrest
        switch self.phase {
        case .dangerous: return
        case .calm(let end):
            guard let reason else {
                self.phase = .settled(since: self.now, tasks: self.summary)
                self.depose()
                self.queue.add(.elect, at: self.now + .milliseconds(100))
                self.queue.add(.look, at: self.now + .seconds(60))
                return
            }
            guard self.now < end else { throw Violation("everything becomes as it was asked for", reason) }
            self.queue.add(.look, at: self.now + .seconds(10))
        case .settled(_, let tasks):
            let present = self.summary
            guard present == tasks else {
                let changed = Set(present).symmetricDifference(tasks).sorted().prefix(4)
                throw Violation("a new leader finds nothing to do", changed.joined(separator: ", "))
            }
            if let reason { throw Violation("a new leader leaves everything as it was", reason) }
            self.isOver = true
        }
    }

    private var summary: [String] {
        self.state.tasks.all.map { "\(self.name($0)) \($0.desiredState)/\($0.status.state)" }
    }

    /// Whether the leader's components still have something to write, or nodes something to report.
    private var unrest: String? {
        guard let leader = self.leader else { return "no leader" }
        if let busy = leader.components.first(where: { $0.activity == .writing }) {
            return "\(busy.actor) works"
        }
        let node = self.nodes.first { !$0.isRemoved && ($0.session == nil || !$0.unsent.isEmpty) }
        return node.map { "\($0.id) has something to tell" }
    }

    /// A container that runs without being asked for, or is missing.
    private var strayed: String? {
        for node in self.nodes where !node.isRemoved {
            for (id, task) in node.tasks.sorted(by: { $0.key < $1.key }) {
                let known = self.state.tasks[id]
                if task.isRunning, known?.status.state != .running {
                    return "\(id) runs on \(node.id) unasked"
                }
            }
            for task in self.state.tasks.find(.node(node.id)) where task.status.state == .running {
                guard node.tasks[task.id]?.isRunning == true else {
                    return "\(task.id) does not run on \(node.id)"
                }
            }
        }
        return nil
    }
}
