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

    package init(
        connections: any ConnectionSecurity,
        remote: any ListenerSecurity,
        local: any ListenerSecurity,
        refusals: RefusalCounters = RefusalCounters()
    ) {
        self.refusals = refusals
        self.connections = connections
        self.remote = remote
        self.local = local
    }

    /// With the certificate of this node; `refusals` counts connections that are turned away.
    package init(
        _ credentials: NodeCredentials,
        limits: ConnectionLimits = ConnectionLimits(),
        refusals: RefusalCounters = RefusalCounters(),
        log: Logger
    ) {
        let refused: @Sendable (ConnectionRefusal) -> Void = { _ in refusals.count(.handshake) }
        self.init(
            connections: credentials,
            remote: TLSSecurity(credentials, limits: limits, log: log, refused: refused),
            local: LocalSecurity(
                credentials,
                ownNode: credentials.name.node,
                limits: limits,
                log: log,
                refused: refused
            ),
            refusals: refusals
        )
    }
}
