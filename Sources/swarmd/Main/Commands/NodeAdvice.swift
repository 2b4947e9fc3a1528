import ControlClient

/// What an operator can do when the cluster does not let a node go or change its role.
///
/// The refusals themselves are SwarmKit's, which its own clients know.
enum NodeAdvice {
    /// What a refusal says, and what is told instead of the node that was named.
    private static let advice: [(mark: String, text: @Sendable (String) -> String)] = [
        (
            "is not down and can't be removed",
            {
                "node \($0) is up and can't be removed: let it leave first (`swarmd leave` there), stop its daemon, "
                    + "or remove it all the same with `swarmd node rm --force \($0)`"
            }
        ),
        (
            "must be demoted to worker before removal",
            {
                "node \($0) is a manager and can't be removed: make it a worker first with "
                    + "`swarmd node demote \($0)`"
            }
        ),
        (
            "demote the last manager",
            {
                "node \($0) is the last manager and stays one: make another node a manager first with "
                    + "`swarmd node promote NODE`; `swarmd leave --force` there gives the whole swarm up"
            }
        ),
        (
            "would result in a loss of quorum",
            {
                "node \($0) stays a manager: without it the managers that can be reached would be no majority; "
                    + "bring the others up first (`swarmd node ls`), or promote another node"
            }
        ),
        (
            "can't find manager in raft memberlist",
            {
                "node \($0) is not in the managers' group yet: try again when `swarmd node ls` shows it as Reachable"
            }
        ),
    ]

    /// `error` with the way out, where it is one of those refusals; `name` is the node as it was typed.
    static func explained(_ error: ControlError, _ name: String) -> ControlError {
        guard let match = Self.advice.first(where: { error.description.contains($0.mark) }) else {
            return error
        }
        return ControlError(error.kind, match.text(name))
    }

    /// Runs `body`, which asks for something of the node that was called `name`.
    static func explaining<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as ControlError {
            throw Self.explained(error, name)
        }
    }
}
