import FoundationEssentials
import SwarmAPI

/// How the cluster object is shown.
enum ClusterView {
    /// The name of the one cluster object (SwarmKit `store.DefaultClusterName`).
    static let name = "default"

    /// The cluster without its secrets, with the built-in values where it has none.
    ///
    /// Keys, unlock keys and network keys are left out. So is the signing certificate: it is no secret,
    /// but a client that sends the spec back with it and without its key would ask for a change of CA
    /// (SwarmKit `controlapi/cluster.go`, `redactClusters`).
    static func redacted(_ cluster: SwarmCluster) -> SwarmCluster {
        var cluster = cluster
        cluster.networkBootstrapKeys = []
        cluster.unlockKeys = []
        cluster.encryptionKeyLamportClock = 0
        cluster.fips = false
        if cluster.spec.hasCaConfig {
            cluster.spec.caConfig.signingCaCert = Data()
            cluster.spec.caConfig.signingCaKey = Data()
        }
        if cluster.hasRootCa {
            cluster.rootCa.caKey = Data()
            if cluster.rootCa.hasRootRotation { cluster.rootCa.rootRotation.caKey = Data() }
        }
        if cluster.defaultAddressPool.isEmpty {
            cluster.defaultAddressPool = ["10.0.0.0/8"]
            cluster.subnetSize = 24
        }
        if cluster.vxlanudpport == 0 { cluster.vxlanudpport = 4789 }
        return cluster
    }
}
