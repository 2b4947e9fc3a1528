import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// A store that tests build by transactions.
struct Fixture {
    struct Missing: Error {}

    private(set) var state = StoreState()
    private var version: UInt64 = 0

    /// Applies one transaction; each has its own version.
    mutating func commit(_ body: (inout Transaction) throws -> Void) throws {
        self.version += 1
        var transaction = Transaction(on: self.state, version: self.version, now: Timestamp(seconds: 0))
        try body(&transaction)
        self.state = transaction.state
    }

    /// Changes the task with `id`.
    mutating func change(_ id: String, _ body: (inout SwarmTask) -> Void) throws {
        try self.commit { transaction in
            guard var task = transaction.state.tasks[id] else { throw Missing() }
            body(&task)
            try transaction.update(task)
        }
    }

    /// Adds a task on `node` in `state` that uses the secrets and configs.
    mutating func addTask(
        _ id: String,
        node: String = "n1",
        service: String = "s1",
        _ state: SwarmTaskState = .assigned,
        secrets: [String] = [],
        configs: [String] = []
    ) throws {
        try self.commit {
            try $0.create(
                SwarmTask.with {
                    $0.id = id
                    $0.nodeID = node
                    $0.serviceID = service
                    $0.status.state = state
                    $0.desiredState = .running
                    $0.spec.container.secrets = secrets.map { id in .with { $0.secretID = id } }
                    $0.spec.container.configs = configs.map { id in .with { $0.configID = id } }
                }
            )
        }
    }

    mutating func addSecret(_ id: String) throws {
        try self.commit {
            try $0.create(
                SwarmSecret.with {
                    $0.id = id
                    $0.spec.annotations.name = id
                }
            )
        }
    }

    mutating func addConfig(_ id: String) throws {
        try self.commit {
            try $0.create(
                SwarmConfig.with {
                    $0.id = id
                    $0.spec.annotations.name = id
                }
            )
        }
    }
}

extension SwarmAssignmentsMessage {
    /// The message in one line: type, sequence, and each change as `+` or `-` with kind and id.
    var line: String {
        let changes = self.changes.map { change in
            let sign = change.action == .update ? "+" : "-"
            switch change.assignment.item {
            case .task(let task)?: return "\(sign)task:\(task.id)"
            case .secret(let secret)?: return "\(sign)secret:\(secret.id)"
            case .config(let config)?: return "\(sign)config:\(config.id)"
            case .volume?, nil: return "\(sign)?"
            }
        }
        return
            (["\(self.type == .complete ? "complete" : "incremental") \(self.appliesTo)>\(self.resultsIn)"]
            + changes).joined(separator: " ")
    }
}
