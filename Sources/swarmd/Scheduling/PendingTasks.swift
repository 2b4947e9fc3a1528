import SwarmAPI

/// The tasks that wait for a node, by group, and those among them that are worth another try.
struct PendingTasks: Sendable {
    private var members: [Group: Set<String>] = [:]
    private var groups: [String: Group] = [:]
    /// Tasks whose node is given, and has only to be checked.
    private var bound: Set<String> = []
    private var dueGroups: Set<Group> = []
    private var dueBound: Set<String> = []

    /// Has `task` wait, and be tried at the next chance.
    mutating func insert(_ task: SwarmTask) {
        guard task.nodeID.isEmpty else {
            self.bound.insert(task.id)
            self.dueBound.insert(task.id)
            return
        }
        let group = Group(task)
        self.groups[task.id] = group
        self.members[group, default: []].insert(task.id)
        self.dueGroups.insert(group)
    }

    mutating func remove(_ id: String) {
        self.bound.remove(id)
        self.dueBound.remove(id)
        guard let group = self.groups.removeValue(forKey: id) else { return }
        self.members[group]?.remove(id)
        if self.members[group]?.isEmpty == true { self.members[group] = nil }
    }

    /// Has everything tried again: something was freed.
    mutating func retryAll() {
        self.dueGroups = Set(self.members.keys)
        self.dueBound = self.bound
    }

    /// The tasks to try now: those with a node, and the groups in order.
    ///
    /// They go on waiting until they are removed.
    mutating func takeDue() -> (bound: [String], groups: [(group: Group, tasks: [String])]) {
        defer { (self.dueGroups, self.dueBound) = ([], []) }
        let groups = self.dueGroups.sorted().compactMap { group in
            self.members[group].map { (group: group, tasks: $0.sorted()) }
        }
        return (self.dueBound.sorted(), groups)
    }
}
