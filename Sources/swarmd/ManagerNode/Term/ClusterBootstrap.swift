import Primitives
package import StoreCore
package import SwarmAPI
import SwiftProtobuf

/// What a leader puts in place at the start of its term: the cluster object and its own node.
///
/// What exists is left alone, but for the address at which the manager is reached. SwarmKit `manager/manager.go`, `becomeLeader`; its values, but for
/// the heartbeat, which is 1 s instead of 5 s so that a lost node is noticed in three.
package struct ClusterBootstrap: Sendable {
    /// The one cluster's name; Docker managers look it up by it.
    package static let clusterName = "default"

    private let clusterID: String
    private let node: SwarmNode

    /// `clusterID` is used when there is no cluster yet.
    package init(clusterID: String, node: SwarmNode) {
        self.clusterID = clusterID
        self.node = node
    }

    /// Writes what is missing.
    package func apply(to transaction: inout Transaction) throws(StoreError) {
        if transaction.state.clusters.named(Self.clusterName) == nil {
            try transaction.create(Self.cluster(id: self.clusterID))
        }
        let others = transaction.state.nodes.all.filter { $0.id != self.node.id }
        for var other in others where other.managerStatus.leader {
            other.managerStatus.leader = false
            try transaction.update(other)
        }
        guard var node = transaction.state.nodes[self.node.id] else {
            return try transaction.create(self.node)
        }
        guard node.managerStatus != self.node.managerStatus else { return }
        node.managerStatus = self.node.managerStatus
        try transaction.update(node)
    }

    /// A new cluster with its defaults.
    static func cluster(id: String) -> SwarmCluster {
        .with {
            $0.id = id
            $0.spec.annotations.name = Self.clusterName
            $0.spec.orchestration.taskHistoryRetentionLimit = 5
            $0.spec.dispatcher.heartbeatPeriod.seconds = 1
            $0.spec.raft.snapshotInterval = 10_000
            $0.spec.raft.logEntriesForSlowFollowers = 500
            $0.spec.raft.heartbeatTick = 1
            $0.spec.raft.electionTick = 10
            $0.spec.caConfig.nodeCertExpiry.seconds = 7_776_000
            $0.rootCa = .init()
        }
    }

    /// The node object of a manager that makes a new cluster.
    package static func manager(
        id: String,
        hostname: String,
        address: String,
        raftID: UInt64,
        availability: SwarmNodeSpec.Availability
    ) -> SwarmNode {
        .with {
            $0.id = id
            $0.spec.desiredRole = .manager
            $0.spec.membership = .accepted
            $0.spec.availability = availability
            $0.role = .manager
            $0.description_p.hostname = hostname
            $0.managerStatus.raftID = raftID
            $0.managerStatus.addr = address
            $0.managerStatus.leader = true
            $0.managerStatus.reachability = .reachable
            $0.certificate.role = .manager
            $0.certificate.cn = id
            $0.certificate.status.state = .issued
        }
    }
}
