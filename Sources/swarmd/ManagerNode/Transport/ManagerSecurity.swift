package import Credentials
package import Logging
package import SwarmRPC
import Trust

/// How a manager's connections are secured, those that it makes and those that it accepts.
package struct ManagerSecurity: Sendable {
    /// Those to other managers.
    package var connections: any ConnectionSecurity
    /// Those of nodes.
    package var remote: any ListenerSecurity
    /// Those of operators.
    package var local: any ListenerSecurity
    /// Counts connections and calls that are turned away.
    package let refusals: RefusalCounters
    /// What asks servers that keep a root's key; nil as long as this manager has no certificate to show them.
    package var authorities: ExternalAuthorityClient?
    /// The cluster that certificates must name; nil where nobody has one, and so nobody can prove to be an operator.
    package var cluster: String?

    package init(
        cluster: String? = nil,
        connections: any ConnectionSecurity,
        remote: any ListenerSecurity,
        local: any ListenerSecurity,
        refusals: RefusalCounters = RefusalCounters(),
        authorities: ExternalAuthorityClient? = nil
    ) {
        self.refusals = refusals
        self.cluster = cluster
        self.connections = connections
        self.remote = remote
        self.local = local
        self.authorities = authorities
    }

    /// With the certificate of this node; `refusals` counts connections that are turned away.
    package init(
        _ credentials: NodeCredentials,
        limits: ConnectionLimits = ConnectionLimits(),
        refusals: RefusalCounters = RefusalCounters(),
        log: Logger
    ) {
        let refused: @Sendable (ConnectionRefusal) -> Void = { refusals.count($0.counted) }
        self.init(
            cluster: credentials.name.cluster,
            connections: credentials,
            remote: TLSSecurity(credentials, limits: limits, log: log, refused: refused),
            local: LocalSecurity(
                credentials,
                ownNode: credentials.name.node,
                limits: limits,
                log: log,
                refused: refused
            ),
            refusals: refusals,
            authorities: ExternalAuthorityClient {
                let material = credentials.material
                return .init(chain: material.chainPEM, key: material.keyPEM)
            }
        )
    }
}
