import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct GroupKeeperTests {
    /// A cluster of the given managers' nodes, which removed some others.
    private static func state(_ nodes: [SwarmNode], removed: [String] = []) throws -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: Timestamp(seconds: 1))
        for node in nodes { try transaction.create(node) }
        try transaction.create(
            SwarmCluster.with {
                $0.id = "cluster"
                $0.spec.annotations.name = ClusterBootstrap.clusterName
                for id in removed { $0.blacklistedCertificates[id] = .init() }
            }
        )
        return transaction.state
    }

    private static func node(_ id: String, desired: SwarmNodeRole = .manager) -> SwarmNode {
        .with {
            $0.id = id
            $0.role = .manager
            $0.spec.desiredRole = desired
        }
    }

    private static func member(_ number: UInt64, _ node: String) -> SwarmRaftMember {
        .with {
            $0.raftID = number
            $0.nodeID = node
        }
    }

    @Test func `who is to be a worker or was removed from the cluster leaves the group, and nobody else`()
        throws
    {
        let state = try Self.state([Self.node("a"), Self.node("b", desired: .worker)], removed: ["c"])
        // "d" has just joined, and has no node yet.
        let members = ["a", "b", "c", "d"].enumerated().map { Self.member(UInt64($0) + 1, $1) }
        #expect(GroupKeeper.leaving(state, members).map(\.nodeID) == ["b", "c"])
    }

    @Test func `a manager becomes a worker when the group has let it go`() throws {
        let state = try Self.state([Self.node("a"), Self.node("b", desired: .worker)])
        let (a, b) = (Self.member(1, "a"), Self.member(2, "b"))
        let before = GroupKeeper.outdated(state, [a, b])
        #expect(before.map(\.role) == [.manager, .manager])
        let after = GroupKeeper.outdated(state, [a])
        #expect(after.first { $0.id == "b" }?.role == .worker)
    }

    @Test func `a worker that is to be a manager becomes one at once`() throws {
        var worker = Self.node("b")
        worker.role = .worker
        let state = try Self.state([Self.node("a"), worker])
        let promoted = GroupKeeper.outdated(state, [Self.member(1, "a")]).first { $0.id == "b" }
        #expect(promoted?.role == .manager)
        #expect(promoted?.hasManagerStatus == false)
    }

    @Test func `a node that was promoted and demoted before it joined is a worker again`() throws {
        let state = try Self.state([Self.node("a"), Self.node("b", desired: .worker)])
        #expect(GroupKeeper.outdated(state, [Self.member(1, "a")]).first { $0.id == "b" }?.role == .worker)
    }
}
