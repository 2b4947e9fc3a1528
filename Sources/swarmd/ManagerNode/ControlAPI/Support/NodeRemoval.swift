import GRPCCore
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Trust

/// What the removal of a node asks and does (SwarmKit `controlapi/node.go`, `RemoveNode`).
enum NodeRemoval {
    /// How long a removed node's certificate is remembered after it has expired.
    static let blacklistGrace = Duration.seconds(7 * 24 * 3600)

    /// Refuses members of the managers' group, and nodes that are ready unless `force` is set.
    static func check(_ node: SwarmNode, force: Bool, members: [SwarmRaftMember]) throws(RPCError) {
        let isMember = members.contains { $0.nodeID == node.id }
        if node.spec.desiredRole == .manager && isMember {
            throw .precondition(
                "node \(node.id) is a cluster manager and is a member of the raft cluster. "
                    + "It must be demoted to worker before removal"
            )
        }
        if !force && node.status.state == .ready {
            throw .precondition("node \(node.id) is not down and can't be removed")
        }
    }

    /// Keeps the node from coming back under its old name, and forgets those that expired long ago.
    static func blacklist(_ node: SwarmNode, in transaction: inout Transaction, now: Timestamp) throws {
        guard var cluster = transaction.state.clusters.named(ClusterView.name) else {
            throw RPCError(code: .internalError, message: "could not fetch cluster object")
        }
        cluster.blacklistedCertificates[node.id] = .with {
            $0.expiry = Self.end(of: node, in: cluster, now: now).protobuf
        }
        cluster.blacklistedCertificates = Self.unexpired(cluster.blacklistedCertificates, now: now)
        try transaction.update(cluster)
    }

    /// When the node's certificate ends; one that is not known ends with the longest that the cluster would sign now.
    static func end(of node: SwarmNode, in cluster: SwarmCluster, now: Timestamp) -> Timestamp {
        if let end = ExpiredRenewal.end(of: node) { return end }
        return CertificateLifetime.ofNode(
            at: now,
            expiry: .seconds(cluster.spec.caConfig.nodeCertExpiry.seconds)
        )
        .upperBound
    }

    /// The entries that still matter: those without an expiry, and those within the grace after it.
    static func unexpired(
        _ certificates: [String: SwarmBlacklistedCertificate],
        now: Timestamp
    ) -> [String: SwarmBlacklistedCertificate] {
        certificates.filter { _, certificate in
            !certificate.hasExpiry || Timestamp(certificate.expiry) + Self.blacklistGrace >= now
        }
    }

    /// Marks the node's tasks that have not ended as orphaned: nobody will report on them any more.
    static func orphanTasks(
        of node: SwarmNode,
        in transaction: inout Transaction,
        now: Timestamp
    ) throws {
        let tasks = transaction.state.tasks.find(.node(node.id))
        for var task in tasks where task.status.state.rawValue < SwarmTaskState.complete.rawValue {
            task.status = .with {
                $0.timestamp = now.protobuf
                $0.state = .orphaned
                $0.message = "Task belonged to a node that has been deleted"
            }
            try transaction.update(task)
        }
    }
}
