package import SwarmAPI

/// The whole store at one moment: immutable once handed out, copied in O(1).
package struct StoreState: Sendable {
    package var nodes = Table<SwarmNode>()
    package var services = Table<SwarmService>()
    package var networks = Table<SwarmNetwork>()
    package var tasks = Table<SwarmTask>()
    package var clusters = Table<SwarmCluster>()
    package var secrets = Table<SwarmSecret>()
    package var resources = Table<SwarmResource>()
    package var extensions = Table<SwarmExtension>()
    package var configs = Table<SwarmConfig>()
    package var volumes = Table<SwarmVolume>()

    package init() {}

    /// How many objects there are, of all kinds.
    package var count: Int {
        self.nodes.count + self.services.count + self.networks.count + self.tasks.count + self.clusters.count
            + self.secrets.count + self.resources.count + self.extensions.count + self.configs.count
            + self.volumes.count
    }
}
