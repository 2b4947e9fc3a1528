package import SwarmAPI
package import Trust

/// What a new cluster begins with, made before its first manager starts.
package struct ManagerFounding: Sendable {
    /// The cluster's identifier, as in its certificates.
    package let clusterID: String
    /// The cluster's root, whose key the cluster object keeps from now on.
    package let root: RootAuthority
    /// The founder's certificate, PEM.
    package let certificate: String
    /// What differs from the defaults.
    package let spec: SwarmClusterSpec
    /// What its networks are cut from; it cannot be changed later.
    package let networks: NetworkFounding

    package init(
        clusterID: String,
        root: RootAuthority,
        certificate: String,
        spec: SwarmClusterSpec,
        networks: NetworkFounding = NetworkFounding()
    ) {
        self.clusterID = clusterID
        self.root = root
        self.certificate = certificate
        self.spec = spec
        self.networks = networks
    }
}

/// What a cluster's networks are cut from, for its whole life.
package struct NetworkFounding: Sendable, Equatable {
    /// The blocks of the subnets, as in `10.0.0.0/8`; empty for that one.
    package let pools: [String]
    /// The prefix length of a subnet; zero for 24.
    package let subnetSize: UInt32
    /// The UDP port of the data between nodes; zero for 4789.
    package let dataPort: UInt32

    package init(pools: [String] = [], subnetSize: UInt32 = 0, dataPort: UInt32 = 0) {
        self.pools = pools
        self.subnetSize = subnetSize
        self.dataPort = dataPort
    }
}
