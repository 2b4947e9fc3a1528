import Allocation
import FoundationEssentials
import Primitives
package import StoreCore
package import SwarmAPI
import SwiftProtobuf
import Trust

/// What a leader puts in place at the start of its term: the cluster object, its own node, the ingress network of a
/// new cluster, and the networks that every node has of its own.
///
/// What exists is left alone, but for the address at which the manager is reached. A cluster without a root, as one
/// from before there were certificates or from such a backup, is given one. SwarmKit `manager/manager.go`,
/// `becomeLeader`; its values, but for the heartbeat, which is 1 s instead of 5 s so that a lost node is noticed in
/// three.
package struct ClusterBootstrap: Sendable {
    /// The one cluster's name; Docker managers look it up by it.
    package static let clusterName = "default"

    private let clusterID: String
    private let node: SwarmNode
    private let founding: ManagerFounding?

    /// The root of a cluster that has none; empty where it is known to have one.
    private let root: SwarmRootCA

    private let makeIdentifier: @Sendable () -> String

    /// Networks that each node has anyway, so that services may use them.
    private static let predefinedNetworks = ["bridge", "host"]

    /// `clusterID` and what `founding` says are used when there is no cluster yet, `root` when it has no root.
    package init(
        clusterID: String,
        node: SwarmNode,
        founding: ManagerFounding? = nil,
        root: SwarmRootCA = SwarmRootCA(),
        makeIdentifier: @escaping @Sendable () -> String = ControlService.randomIdentifier
    ) {
        self.clusterID = founding?.clusterID ?? clusterID
        self.node = node
        self.founding = founding
        self.root = root
        self.makeIdentifier = makeIdentifier
    }

    /// Writes what is missing.
    package func apply(to transaction: inout Transaction) throws(StoreError) {
        let isFresh = transaction.state.clusters.named(Self.clusterName) == nil
        try self.putCluster(&transaction)
        try self.putNode(&transaction)
        // One that was removed is the operator's to make again.
        if isFresh, transaction.state.ingressNetwork == nil {
            try transaction.create(Self.ingressNetwork(id: self.makeIdentifier()))
        }
        for name in Self.predefinedNetworks where transaction.state.networks.named(name) == nil {
            try transaction.create(Self.predefinedNetwork(name, id: self.makeIdentifier()))
        }
    }

    private func putCluster(_ transaction: inout Transaction) throws(StoreError) {
        if var cluster = transaction.state.clusters.named(Self.clusterName) {
            if cluster.rootCa.caCert.isEmpty && !self.root.caCert.isEmpty {
                cluster.rootCa = self.root
                try transaction.update(cluster)
            }
        } else {
            try transaction.create(try self.cluster())
        }
    }

    private func putNode(_ transaction: inout Transaction) throws(StoreError) {
        let others = transaction.state.nodes.all.filter { $0.id != self.node.id }
        for var other in others where other.managerStatus.leader {
            other.managerStatus.leader = false
            try transaction.update(other)
        }
        guard var node = transaction.state.nodes[self.node.id] else {
            var node = self.node
            node.vxlanudpport = transaction.state.clusters.named(Self.clusterName)?.vxlanudpport ?? 0
            return try transaction.create(node)
        }
        guard node.managerStatus != self.node.managerStatus else { return }
        node.managerStatus = self.node.managerStatus
        try transaction.update(node)
    }

    /// The new cluster as it was asked for.
    private func cluster() throws(StoreError) -> SwarmCluster {
        var cluster = Self.cluster(id: self.clusterID)
        guard let founding = self.founding else {
            cluster.rootCa = self.root
            return cluster
        }
        cluster.spec.take(founding.spec)
        cluster.take(founding.networks)
        do { cluster.rootCa = try ClusterRoot.record(of: founding.root) } catch {
            // The founder signed its own certificate with it before there was a log.
            preconditionFailure("the root of a new cluster has no text: \(error)")
        }
        if cluster.spec.encryptionConfig.autoLockManagers {
            var generator = SystemRandomNumberGenerator()
            cluster.unlockKeys = [
                .with {
                    $0.subsystem = ClusterKeys.manager
                    $0.key = Data(UnlockKey(using: &generator).bytes)
                }
            ]
        }
        return cluster
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

    /// The network of the routing mesh, as a new cluster gets it; its driver and subnet are the allocator's to choose.
    static func ingressNetwork(id: String) -> SwarmNetwork {
        .with {
            $0.id = id
            $0.spec.annotations.name = "ingress"
            $0.spec.ingress = true
            $0.spec.driverConfig = SwarmDriver()
            $0.spec.ipam.driver = SwarmDriver()
        }
    }

    private static func predefinedNetwork(_ name: String, id: String) -> SwarmNetwork {
        .with {
            $0.id = id
            $0.spec.annotations.name = name
            $0.spec.annotations.labels[SwarmNetwork.predefinedLabel] = "true"
            $0.spec.driverConfig.name = name
        }
    }

    /// The node object of a manager that makes a new cluster.
    package static func manager(
        id: String,
        hostname: String,
        address: String,
        raftID: UInt64,
        availability: SwarmNodeSpec.Availability,
        certificate: String = ""
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
            $0.certificate.certificate = Data(certificate.utf8)
        }
    }
}

extension SwarmCluster {
    /// Takes over what networks are cut from; a cluster without pools of its own, or a size, says neither.
    fileprivate mutating func take(_ networks: NetworkFounding) {
        self.vxlanudpport = networks.dataPort
        guard !networks.pools.isEmpty || networks.subnetSize != 0 else { return }
        self.defaultAddressPool = networks.pools.isEmpty ? SubnetBook.defaultPools : networks.pools
        self.subnetSize = networks.subnetSize == 0 ? UInt32(SubnetBook.defaultLength) : networks.subnetSize
    }
}

extension SwarmClusterSpec {
    /// Takes over what `other` sets; what it leaves open stays.
    fileprivate mutating func take(_ other: SwarmClusterSpec) {
        if other.hasOrchestration { self.orchestration = other.orchestration }
        if other.dispatcher.hasHeartbeatPeriod {
            self.dispatcher.heartbeatPeriod = other.dispatcher.heartbeatPeriod
        }
        if other.raft.snapshotInterval > 0 { self.raft.snapshotInterval = other.raft.snapshotInterval }
        if other.raft.keepOldSnapshots > 0 { self.raft.keepOldSnapshots = other.raft.keepOldSnapshots }
        if other.caConfig.hasNodeCertExpiry { self.caConfig.nodeCertExpiry = other.caConfig.nodeCertExpiry }
        if !other.caConfig.externalCas.isEmpty { self.caConfig.externalCas = other.caConfig.externalCas }
        if other.hasEncryptionConfig { self.encryptionConfig = other.encryptionConfig }
    }
}
