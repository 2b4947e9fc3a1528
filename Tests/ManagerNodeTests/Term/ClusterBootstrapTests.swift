import ManagerNode
import Primitives
import StoreCore
import SwarmAPI
import Testing

@Suite struct ClusterBootstrapTests {
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
        try ClusterBootstrap(clusterID: clusterID, node: Self.node(address: address)).apply(to: &transaction)
        return transaction
    }

    @Test func `a new store gets the cluster and then its manager`() throws {
        let made = try Self.apply("127.0.0.1:1", clusterID: "c1", to: StoreState())
        #expect(made.changes.count == 2)
        #expect(made.state.clusters.named("default")?.id == "c1")
        #expect(made.state.nodes["n1"]?.role == .manager)
        #expect(made.state.clusters["c1"]?.spec.orchestration.taskHistoryRetentionLimit == 5)
    }

    @Test func `a second term changes nothing`() throws {
        let made = try Self.apply("127.0.0.1:1", clusterID: "c1", to: StoreState())
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
}
