import Dispatching
import FoundationEssentials
import GRPCCore
import SwarmAPI
import Trust

/// Whether a cluster's spec can be taken (SwarmKit `controlapi/cluster.go`, `validateClusterSpec`).
enum ClusterSpecValidation {
    /// The shortest validity of a node's certificate (SwarmKit `ca.MinNodeCertExpiration`).
    static let minimumCertificateExpiry = Duration.seconds(3600)

    /// How many servers may be named; one is asked after the other.
    static let externalAuthorities = 16
    /// The longest address of one.
    static let urlBytes = 2_048

    static func check(_ spec: SwarmClusterSpec) throws(RPCError) {
        if spec.caConfig.hasNodeCertExpiry {
            let expiry = Duration(spec.caConfig.nodeCertExpiry)
            guard expiry >= Self.minimumCertificateExpiry else {
                throw .invalid("node_cert_expiry: minimum certificate expiry time is: 1h0m0s")
            }
        }
        if spec.dispatcher.hasHeartbeatPeriod && Duration(spec.dispatcher.heartbeatPeriod) < .zero {
            throw .invalid("heartbeat time period cannot be a negative duration")
        }
        // Zero is what clients send that have nothing to say about it.
        let period = Duration(spec.dispatcher.heartbeatPeriod)
        guard period == .zero || period >= DispatchingLimits.shortestPeriod else {
            let least = DispatchingLimits.shortestPeriod.components.attoseconds / 1_000_000_000_000_000
            throw .invalid("dispatcher.heartbeat_period: it must be at least \(least)ms")
        }
        if spec.orchestration.taskHistoryRetentionLimit < -1 {
            throw .invalid("task_history_retention_limit: -1 keeps all, lower values have no meaning")
        }
        try Self.checkPolicy(spec.acceptancePolicy)
        try Self.checkExternal(spec.caConfig.externalCas)
        guard spec.annotations.name == ClusterView.name else {
            throw .invalid("modification of cluster name is not allowed")
        }
    }

    /// Checks what is said of servers that keep a root's key.
    private static func checkExternal(_ servers: [SwarmExternalCA]) throws(RPCError) {
        guard servers.count <= Self.externalAuthorities else {
            throw .invalid(
                "external_cas: at most \(Self.externalAuthorities) are possible, not \(servers.count)"
            )
        }
        for server in servers {
            if case .UNRECOGNIZED(let number) = server.protocol {
                throw .invalid("external_cas.protocol: \(number) is not known, only CFSSL (0) is")
            }
            let url = URL(string: server.url)
            guard server.url.utf8.count <= Self.urlBytes, url?.scheme == "https",
                url?.host()?.isEmpty == false
            else { throw .invalid("external_cas.url: \"\(server.url.prefix(128))\" is no https address") }
            guard !server.caCert.isEmpty else { continue }
            do throws(AuthorityError) {
                _ = try CertificateBundle.read(server.caCert, named: "external_cas.ca_cert")
            } catch { throw .invalid("\(error)") }
        }
    }

    /// Only roles that nodes have can have a policy.
    private static func checkPolicy(_ policy: SwarmAcceptancePolicy) throws(RPCError) {
        for entry in policy.policies where ![.worker, .manager].contains(entry.role) {
            throw .invalid("acceptance_policy.role: \(entry.role.rawValue) is no role")
        }
    }
}
