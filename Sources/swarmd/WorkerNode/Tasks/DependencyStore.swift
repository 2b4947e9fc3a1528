import SwarmAPI
import Synchronization

/// The secrets and configs that the manager gave to this node, for the tasks that need them.
///
/// They are in memory only; what was assigned before a restart comes again with the first message of a session.
final class DependencyStore: Sendable {
    private struct Contents {
        var secrets: [String: SwarmSecret] = [:]
        var configs: [String: SwarmConfig] = [:]
        var isKnown = false
    }

    private let contents = Mutex(Contents())

    /// Takes in all that the node has now.
    func replace(secrets: [String: SwarmSecret], configs: [String: SwarmConfig]) {
        self.contents.withLock { $0 = Contents(secrets: secrets, configs: configs, isKnown: true) }
    }

    /// Whether a manager has said since the start what the node has.
    var isKnown: Bool { self.contents.withLock { $0.isKnown } }

    /// The secret as `task` may see it: one that a driver made for this task alone comes first (SwarmKit
    /// `agent/secrets`, `identity.CombineTwoIDs`).
    func secret(_ id: String, for task: String) -> SwarmSecret? {
        self.contents.withLock { $0.secrets["\(id).\(task)"] ?? $0.secrets[id] }
    }

    func config(_ id: String) -> SwarmConfig? { self.contents.withLock { $0.configs[id] } }
}
