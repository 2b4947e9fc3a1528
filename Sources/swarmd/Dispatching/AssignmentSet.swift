package import StoreCore
package import SwarmAPI

/// What one agent was told to run, and what to tell it next.
///
/// It looks at levels: it is told *which* tasks may have changed and compares what the store has now with
/// what it sent. However many commits passed meanwhile, the agent gets the newest state once (SwarmKit
/// `dispatcher/assignments.go`).
package struct AssignmentSet: Sendable {
    private let nodeID: String
    /// The tasks that the agent has, as they were when last compared.
    private var tasks: [String: SwarmTask] = [:]
    /// The tasks that hold each dependency; the agent has exactly the keys.
    private var users: [AssignmentDependency: Set<String>] = [:]
    /// The number of the last message.
    private var sequence: UInt64 = 0

    package init(nodeID: String) { self.nodeID = nodeID }

    /// The first message: everything that the node is to have, in place of whatever it has.
    ///
    /// It is one message whatever its size, because an agent drops what a complete message does not name.
    package mutating func complete(on state: StoreState) -> SwarmAssignmentsMessage {
        self.tasks = [:]
        self.users = [:]
        var draft = Draft()
        for task in state.tasks.find(.node(self.nodeID)) { self.compare(task, on: state, into: &draft) }
        return self.message(.complete, draft.changes)
    }

    /// The messages that follow from changes to the tasks with the identifiers `changed`; none if they do
    /// not matter to the agent.
    package mutating func incremental(
        changed: some Sequence<String>,
        on state: StoreState
    ) -> [SwarmAssignmentsMessage] {
        var draft = Draft()
        for id in changed.sorted() {
            if let task = state.tasks[id], task.nodeID == self.nodeID {
                self.compare(task, on: state, into: &draft)
            } else {
                self.drop(id, into: &draft)
            }
        }
        return self.messages(draft.changes)
    }

    /// The messages that bring the agent to `state` when nobody knows what changed.
    package mutating func resynchronize(on state: StoreState) -> [SwarmAssignmentsMessage] {
        let present = state.tasks.find(.node(self.nodeID)).map(\.id)
        return self.incremental(changed: Set(present).union(self.tasks.keys), on: state)
    }

    /// The changes of one round: dependencies come before their users, and leave after them.
    private struct Draft {
        var gained: [SwarmAssignmentChange] = []
        var tasks: [SwarmAssignmentChange] = []
        var lost: [SwarmAssignmentChange] = []

        var changes: [SwarmAssignmentChange] { self.gained + self.tasks + self.lost }
    }

    private mutating func compare(_ task: SwarmTask, on state: StoreState, into draft: inout Draft) {
        guard task.status.state.rawValue >= SwarmTaskState.assigned.rawValue else {
            return self.drop(task.id, into: &draft)
        }
        let old = self.tasks.updateValue(task, forKey: task.id)
        if old?.meta.version == task.meta.version { return }
        let isUnsettled = task.status.state.rawValue <= SwarmTaskState.assigned.rawValue
        if isUnsettled || old.map({ !$0.isStablyEqual(to: task) }) ?? true {
            draft.tasks.append(.make(.update, .task(task)))
        }
        if task.status.state.rawValue > SwarmTaskState.running.rawValue {
            self.release(task.id, into: &draft)
        } else {
            self.acquire(AssignmentDependency.all(of: task), for: task.id, on: state, into: &draft)
        }
    }

    private mutating func drop(_ id: String, into draft: inout Draft) {
        guard self.tasks.removeValue(forKey: id) != nil else { return }
        var task = SwarmTask()
        task.id = id
        draft.tasks.append(.make(.remove, .task(task)))
        self.release(id, into: &draft)
    }

    private mutating func acquire(
        _ wanted: Set<AssignmentDependency>,
        for task: String,
        on state: StoreState,
        into draft: inout Draft
    ) {
        for dependency in wanted.sorted() {
            if self.users[dependency] == nil {
                // A dependency that the store lacks is tried again with the next change of the task.
                guard let update = dependency.update(on: state) else { continue }
                draft.gained.append(update)
            }
            self.users[dependency, default: []].insert(task)
        }
    }

    private mutating func release(_ task: String, into draft: inout Draft) {
        for dependency in self.users.filter({ $0.value.contains(task) }).keys.sorted() {
            self.users[dependency]?.remove(task)
            guard self.users[dependency]?.isEmpty == true else { continue }
            self.users[dependency] = nil
            // Gained and lost in one round: the agent never hears of it.
            let gained = dependency.removal
            if let place = draft.gained.firstIndex(where: { $0.names(sameAs: gained) }) {
                draft.gained.remove(at: place)
            } else {
                draft.lost.append(gained)
            }
        }
    }

    private mutating func messages(_ changes: [SwarmAssignmentChange]) -> [SwarmAssignmentsMessage] {
        stride(from: 0, to: changes.count, by: DispatchingLimits.changesPerMessage).map { start in
            let end = min(start + DispatchingLimits.changesPerMessage, changes.count)
            return self.message(.incremental, Array(changes[start..<end]))
        }
    }

    private mutating func message(
        _ type: SwarmAssignmentsMessage.TypeEnum,
        _ changes: [SwarmAssignmentChange]
    ) -> SwarmAssignmentsMessage {
        var message = SwarmAssignmentsMessage()
        message.type = type
        message.appliesTo = type == .complete ? "" : String(self.sequence)
        self.sequence += 1
        message.resultsIn = String(self.sequence)
        message.changes = changes
        return message
    }
}

extension SwarmTask {
    /// Whether the tasks differ at most in what an agent reports itself: status and meta data.
    func isStablyEqual(to other: Self) -> Bool {
        var left = self
        var right = other
        left.clearStatus()
        left.clearMeta()
        right.clearStatus()
        right.clearMeta()
        return left == right
    }
}

extension SwarmAssignmentChange {
    /// Whether both changes are about the same dependency.
    func names(sameAs other: Self) -> Bool {
        switch (self.assignment.item, other.assignment.item) {
        case (.secret(let left)?, .secret(let right)?): left.id == right.id
        case (.config(let left)?, .config(let right)?): left.id == right.id
        default: false
        }
    }
}
