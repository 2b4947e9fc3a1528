package import SwarmAPI
package import SwarmRPC

/// What an agent is told at its start.
package struct AgentConfiguration: Sendable {
    /// This node's id in the cluster.
    package var nodeID: String
    /// How connections to managers are secured.
    package var security: any ConnectionSecurity
    /// The managers known so far; a session's messages replace them.
    package var managers: [ServerAddress]
    /// The state directory; the task database is `worker/tasks.db` in it.
    package var stateDirectory: String
    /// The host name to give instead of the executor's.
    package var hostname: String?
    /// Takes each new list of managers, so that the node finds them after a restart.
    package var rememberManagers: @Sendable ([NodeState.Manager]) async throws -> Void
    /// Where this node's own manager is reached, while it runs one.
    package var ownManager: @Sendable () -> ServerAddress? = { nil }
    /// What the node tells of its certificate.
    package var tlsInfo: @Sendable () -> SwarmNodeTLSInfo = { SwarmNodeTLSInfo() }
    /// Calls its argument after each change of `tlsInfo`, until it is cancelled.
    package var followTLS: @Sendable (@escaping @Sendable () -> Void) async -> Void = { _ in }
    /// Takes in each message of a session, and who it is from.
    package var heard: @Sendable (SwarmSessionMessage, ServerAddress) async -> Void = { _, _ in }
    /// Takes the reason each time that a manager says that the cluster removed this node.
    package var dismissed: @Sendable (String) -> Void = { _ in }

    /// Without `rememberManagers` the list goes to `state.json` in the state directory.
    package init(
        nodeID: String,
        security: any ConnectionSecurity,
        managers: [ServerAddress],
        stateDirectory: String,
        hostname: String? = nil,
        rememberManagers: (@Sendable ([NodeState.Manager]) async throws -> Void)? = nil
    ) {
        self.nodeID = nodeID
        self.security = security
        self.managers = managers
        self.stateDirectory = stateDirectory
        self.hostname = hostname
        self.rememberManagers =
            rememberManagers ?? { managers in
                try NodeState(nodeID: nodeID, managers: managers).save(to: stateDirectory)
            }
    }
}
