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

    package init(clusterID: String, root: RootAuthority, certificate: String, spec: SwarmClusterSpec) {
        self.clusterID = clusterID
        self.root = root
        self.certificate = certificate
        self.spec = spec
    }
}
