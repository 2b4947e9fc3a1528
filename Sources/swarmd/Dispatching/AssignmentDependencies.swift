import StoreCore
package import SwarmAPI

/// An object that tasks of a node need beside themselves.
package struct AssignmentDependency: Sendable, Hashable, Comparable {
    /// The kinds of dependency, in the order in which they go into a message.
    package enum Kind: Int, Sendable, Comparable {
        case secret, config

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package let kind: Kind
    package let id: String

    package static func < (left: Self, right: Self) -> Bool {
        (left.kind, left.id) < (right.kind, right.id)
    }

    /// What `task` needs, each once.
    package static func all(of task: SwarmTask) -> Set<Self> {
        var found: Set<Self> = []
        if case .container(let container)? = task.spec.runtime {
            for secret in container.secrets { found.insert(Self(kind: .secret, id: secret.secretID)) }
            for config in container.configs { found.insert(Self(kind: .config, id: config.configID)) }
        }
        for reference in task.spec.resourceReferences {
            switch reference.resourceType {
            case .secret: found.insert(Self(kind: .secret, id: reference.resourceID))
            case .config: found.insert(Self(kind: .config, id: reference.resourceID))
            case .task, .volume, .UNRECOGNIZED: break
            }
        }
        return found
    }

    /// The change that gives it to the agent; nil if the store does not have it.
    func update(on state: StoreState) -> SwarmAssignmentChange? {
        switch self.kind {
        case .secret: state.secrets[self.id].map { .make(.update, .secret($0)) }
        case .config: state.configs[self.id].map { .make(.update, .config($0)) }
        }
    }

    /// The change that takes it away; it carries the identifier only.
    var removal: SwarmAssignmentChange {
        switch self.kind {
        case .secret:
            var secret = SwarmSecret()
            secret.id = self.id
            return .make(.remove, .secret(secret))
        case .config:
            var config = SwarmConfig()
            config.id = self.id
            return .make(.remove, .config(config))
        }
    }
}

extension SwarmAssignmentChange {
    static func make(_ action: AssignmentAction, _ item: SwarmAssignment.OneOf_Item) -> Self {
        var change = Self()
        change.action = action
        change.assignment.item = item
        return change
    }
}
