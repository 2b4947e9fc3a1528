package import SwarmAPI

/// What a `ClusterFeed` tells.
package enum FeedEvent: Sendable {
    /// A connection is being made.
    case connecting
    /// The whole state, after each (re)connection and after each lag; it replaces what was known.
    case listed(ClusterListing)
    /// Changes of one commit, in order; all of them are newer than the listing before them.
    case changed([SwarmWatchMessage.Event])
    /// The manager's status.
    case status(SwarmdConsoleStatus)
    /// The connection is gone, for `reason`; the feed tries again by itself.
    case lost(reason: String)
}

/// All objects at one moment.
package struct ClusterListing: Sendable {
    package var cluster: SwarmCluster?
    package var nodes: [SwarmNode]
    package var services: [SwarmService]
    package var tasks: [SwarmTask]
    package var networks: [SwarmNetwork]
    /// Without what they hold.
    package var secrets: [SwarmSecret]
    package var configs: [SwarmConfig]

    package init(
        cluster: SwarmCluster?,
        nodes: [SwarmNode],
        services: [SwarmService],
        tasks: [SwarmTask],
        networks: [SwarmNetwork] = [],
        secrets: [SwarmSecret] = [],
        configs: [SwarmConfig] = []
    ) {
        self.cluster = cluster
        self.nodes = nodes
        self.services = services
        self.tasks = tasks
        self.networks = networks
        self.secrets = secrets
        self.configs = configs
    }
}

/// Which objects a feed follows.
package enum FeedScope: Sendable, Hashable {
    /// Everything, and the manager's status.
    case cluster
    /// One service with its tasks, and the nodes; without the manager's status.
    case service(id: String)
}
