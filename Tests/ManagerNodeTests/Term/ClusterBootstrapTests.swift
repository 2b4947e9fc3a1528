import FoundationEssentials
import ManagerNode
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

@Suite struct ClusterBootstrapTests {
    private static let root = SwarmRootCA.with {
        $0.caCert = Data("root".utf8)
        $0.joinTokens.worker = "worker"
    }

    private static func node(address: String) -> SwarmNode {
        ClusterBootstrap.manager(
            id: "n1",
            hostname: "manager-1",
            address: address,
            raftID: 5,
            availability: .active
        )
    }

    private static func apply(
        _ address: String,
        clusterID: String,
        to state: StoreState
    ) throws -> Transaction {
        var transaction = Transaction(on: state, version: 3, now: Timestamp(seconds: 1))
        try ClusterBootstrap(clusterID: clusterID, node: Self.node(address: address), root: Self.root)
            .apply(to: &transaction)
        return transaction
    }

    @Test func `a new store gets the cluster and then its manager`() throws {
        let made = try Self.apply("127.0.0.1:1", clusterID: "c1", to: StoreState())
        #expect(made.changes.count == 5)
        #expect(made.state.clusters.named("default")?.id == "c1")
        #expect(made.state.clusters["c1"]?.rootCa == Self.root)
        #expect(made.state.nodes["n1"]?.role == .manager)
        #expect(made.state.clusters["c1"]?.spec.orchestration.taskHistoryRetentionLimit == 5)
    }

    @Test func `AL-02, MG-04: a new cluster has an ingress network, and those that every node has`() throws {
        let made = try Self.apply("127.0.0.1:1", clusterID: "c1", to: StoreState())
        let kinds = made.changes.map { change in
            if case .create(.network(let network)) = change { network.spec.annotations.name } else { "" }
        }
        #expect(kinds == ["", "", "ingress", "bridge", "host"])
        let ingress = try #require(made.state.networks.named("ingress"))
        #expect(
            ingress.spec.ingress && ingress.spec.hasDriverConfig && ingress.spec.driverConfig.name.isEmpty
        )
        let bridge = try #require(made.state.networks.named("bridge"))
        #expect(bridge.spec.annotations.labels == ["com.docker.swarm.predefined": "true"])
        #expect(bridge.spec.driverConfig.name == "bridge")
    }

    @Test func `AL-02: an ingress network that was removed is not made again`() throws {
        let made = try Self.apply("127.0.0.1:1", clusterID: "c1", to: StoreState())
        var removal = Transaction(on: made.state, version: 4, now: Timestamp(seconds: 2))
        let ingress = try #require(made.state.networks.named("ingress"))
        try removal.remove(SwarmNetwork.self, id: ingress.id)
        let later = try Self.apply("127.0.0.1:1", clusterID: "c2", to: removal.state)
        #expect(later.changes.isEmpty)
        let bridge = try #require(later.state.networks.named("bridge"))
        var loss = Transaction(on: later.state, version: 5, now: Timestamp(seconds: 3))
        try loss.remove(SwarmNetwork.self, id: bridge.id)
        #expect(try Self.apply("127.0.0.1:1", clusterID: "c2", to: loss.state).changes.count == 1)
    }

    @Test func `a second term changes nothing`() throws {
        let made = try Self.apply("127.0.0.1:1", clusterID: "c1", to: StoreState())
        #expect(try Self.apply("127.0.0.1:1", clusterID: "c2", to: made.state).changes.isEmpty)
    }

    @Test func `MG-04: a cluster from before there were certificates is given a root, once`() throws {
        var old = Transaction(on: StoreState(), version: 2, now: Timestamp(seconds: 1))
        try old.create(
            SwarmCluster.with {
                $0.id = "c1"
                $0.spec.annotations.name = "default"
                $0.spec.orchestration.taskHistoryRetentionLimit = 7
            }
        )
        let made = try Self.apply("127.0.0.1:1", clusterID: "c2", to: old.state)
        #expect(made.state.clusters["c1"]?.rootCa == Self.root)
        #expect(made.state.clusters["c1"]?.spec.orchestration.taskHistoryRetentionLimit == 7)
        #expect(made.state.clusters.count == 1)
        #expect(try Self.apply("127.0.0.1:1", clusterID: "c2", to: made.state).changes.isEmpty)
    }

    @Test func `a new address is noted, and what a user set stays`() throws {
        var state = try Self.apply("127.0.0.1:1", clusterID: "c1", to: StoreState()).state
        var drained = Transaction(on: state, version: 4, now: Timestamp(seconds: 2))
        var node = try #require(state.nodes["n1"])
        node.spec.availability = .drain
        try drained.update(node)
        state = try Self.apply("127.0.0.1:2", clusterID: "c1", to: drained.state).state
        #expect(state.nodes["n1"]?.managerStatus.addr == "127.0.0.1:2")
        #expect(state.nodes["n1"]?.spec.availability == .drain)
    }

    @Test func `a founder's cluster has its name, its root, and what was asked for`() throws {
        let root = try RootAuthority(at: Timestamp(seconds: 1_800_000_000))
        let founding = ManagerFounding(
            clusterID: "founded",
            root: root,
            certificate: "its certificate",
            spec: .with {
                $0.encryptionConfig.autoLockManagers = true
                $0.caConfig.nodeCertExpiry.seconds = 7_200
            },
            networks: NetworkFounding(pools: ["10.64.0.0/10"], subnetSize: 26, dataPort: 7_789)
        )
        var transaction = Transaction(on: StoreState(), version: 3, now: Timestamp(seconds: 1))
        try ClusterBootstrap(clusterID: "other", node: Self.node(address: "a:1"), founding: founding)
            .apply(to: &transaction)
        let cluster = try #require(transaction.state.clusters.named("default"))
        #expect(cluster.id == "founded")
        #expect(cluster.rootCa.caCert == Data(try root.pem.utf8))
        #expect(cluster.rootCa.caKey == Data(try root.keyPEM.utf8))
        for text in [cluster.rootCa.joinTokens.worker, cluster.rootCa.joinTokens.manager] {
            #expect(try JoinToken(parsing: text).trusts(cluster.rootCa.caCert))
        }
        #expect(cluster.unlockKeys.map(\.key.count) == [UnlockKey.length])
        #expect(cluster.spec.caConfig.nodeCertExpiry.seconds == 7_200)
        #expect(cluster.spec.orchestration.taskHistoryRetentionLimit == 5)
        #expect(cluster.defaultAddressPool == ["10.64.0.0/10"] && cluster.subnetSize == 26)
        #expect(cluster.vxlanudpport == 7_789 && transaction.state.nodes["n1"]?.vxlanudpport == 7_789)
    }
}
