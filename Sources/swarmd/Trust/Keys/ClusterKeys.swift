import FoundationEssentials
package import SwarmAPI

/// Where the cluster object keeps keys, by the names of their users.
package enum ClusterKeys {
    /// The managers' unlock key.
    package static let manager = "swarm-manager"
    /// What the networks' gossip is encrypted with.
    package static let gossip = "networking:gossip"
    /// What overlay networks' packets are encrypted with.
    package static let ipsec = "networking:ipsec"
}

extension SwarmCluster {
    /// The key that managers lock their files with; nil where they do not.
    ///
    /// One of another length than a key's, which no manager writes, is none.
    package var managerUnlockKey: UnlockKey? {
        let entry = self.unlockKeys.first { $0.subsystem == ClusterKeys.manager }
        return entry.flatMap { UnlockKey(bytes: Array($0.key)) }
    }
}
