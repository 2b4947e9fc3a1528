import SwarmAPI

/// What the manager assigned to this node: tasks, and the secrets and configs that they use.
///
/// Secrets and configs are in memory only (SwarmKit `agent/worker.go`, `agent/secrets`).
struct AssignmentSet: Sendable {
    /// What a message changes for tasks, in the order of their ids.
    struct Difference: Sendable, Equatable {
        /// Tasks that are new, or whose version is.
        var updated: [SwarmTask] = []
        /// Tasks that are not this node's any more.
        var withdrawn: [String] = []
    }

    private(set) var tasks: [String: SwarmTask] = [:]
    private(set) var secrets: [String: SwarmSecret] = [:]
    private(set) var configs: [String: SwarmConfig] = [:]

    /// The tasks that were assigned before the daemon started.
    init(tasks: [SwarmTask] = []) {
        self.tasks = Dictionary(tasks.map { ($0.id, $0) }) { $1 }
    }

    /// Takes in one message: a complete one replaces everything, an incremental one changes what it names.
    mutating func apply(_ message: SwarmAssignmentsMessage) -> Difference {
        var updated: [String: SwarmTask] = [:]
        var withdrawn: Set<String> = []
        if message.type == .complete {
            withdrawn = Set(self.tasks.keys)
            self.secrets = [:]
            self.configs = [:]
        }
        for change in message.changes {
            let isRemoval = change.action == .remove
            switch change.assignment.item {
            case .task(let task) where isRemoval:
                updated[task.id] = nil
                if self.tasks[task.id] != nil { withdrawn.insert(task.id) }
            case .task(let task):
                withdrawn.remove(task.id)
                if self.tasks[task.id].map({ !task.differsOnlyInStatus(from: $0) }) ?? true {
                    updated[task.id] = task
                }
            case .secret(let secret): self.secrets[secret.id] = isRemoval ? nil : secret
            case .config(let config): self.configs[config.id] = isRemoval ? nil : config
            case .volume, nil: break
            }
        }
        self.tasks.merge(updated) { $1 }
        for id in withdrawn { self.tasks[id] = nil }
        return Difference(updated: updated.values.sorted { $0.id < $1.id }, withdrawn: withdrawn.sorted())
    }
}

extension SwarmTask {
    /// True when nothing differs that a node acts on (SwarmKit `api/equality`, `TasksEqualStable`).
    fileprivate func differsOnlyInStatus(from other: SwarmTask) -> Bool {
        guard self.desiredState == other.desiredState else { return false }
        var (one, two) = (self, other)
        one.clearStatus()
        two.clearStatus()
        one.clearMeta()
        two.clearMeta()
        return one == two
    }
}
