import GRPCCore
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

@testable import ManagerNode

@Suite struct NodeCallsTests {
    private static func member(
        _ id: String,
        raft: UInt64,
        leader: Bool = false,
        reachable: Bool = true
    ) -> SwarmRaftMember {
        .with {
            $0.nodeID = id
            $0.raftID = raft
            $0.status.leader = leader
            $0.status.reachability = reachable ? .reachable : .unreachable
        }
    }

    @Test func `nodes show what the managers' group knows of them`() async throws {
        try await TestManager.run(members: [Self.member("m", raft: 7, leader: true)]) { manager in
            try await manager.add(Fixture.node("m", hostname: "alpha"))
            try await manager.add(Fixture.node("w", hostname: "beta"))
            let nodes = try await manager.control.listNodes(request: .init(), context: manager.context).nodes
            #expect(nodes.map(\.id) == ["m", "w"])
            #expect(nodes.map(\.hasManagerStatus) == [true, false])
            #expect(nodes[0].managerStatus.leader && nodes[0].managerStatus.raftID == 7)
            let node = try await manager.control.getNode(
                request: .with { $0.nodeID = "m" },
                context: manager.context
            ).node
            #expect(node == nodes[0])
        }
    }

    @Test func `nodes are filtered by host name, labels and role`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Fixture.node("n1", hostname: "alpha"))
            var second = Fixture.node("n2", hostname: "beta")
            second.role = .manager
            second.spec.annotations.labels = ["zone": "a"]
            second.description_p.engine.labels = ["disk": "ssd"]
            try await manager.add(second)
            let list: @Sendable (SwarmListNodesRequest.Filters) async throws -> [String] = { filters in
                try await manager.control.listNodes(
                    request: .with { $0.filters = filters },
                    context: manager.context
                ).nodes.map(\.id)
            }
            #expect(try await list(.with { $0.names = ["alpha"] }) == ["n1"])
            #expect(try await list(.with { $0.namePrefixes = ["be"] }) == ["n2"])
            #expect(try await list(.with { $0.labels = ["disk": "ssd"] }) == ["n2"])
            #expect(try await list(.with { $0.labels = ["zone": "a"] }) == [])
            #expect(try await list(.with { $0.nodeLabels = ["zone": "a"] }) == ["n2"])
            #expect(try await list(.with { $0.roles = [.worker] }) == ["n1"])
            #expect(try await list(.with { $0.memberships = [.accepted] }) == [])
        }
    }

    @Test func `an update takes availability and labels at the current version`() async throws {
        try await TestManager.run { manager in
            let node = try await manager.add(Fixture.node("n1"))
            let request = SwarmUpdateNodeRequest.with {
                $0.nodeID = "n1"
                $0.nodeVersion = node.meta.version
                $0.spec.availability = .drain
                $0.spec.annotations.labels = ["zone": "a"]
            }
            let updated = try await manager.control.updateNode(request: request, context: manager.context)
                .node
            #expect(updated.spec == request.spec)
            #expect(updated.meta.version != node.meta.version)
            let error = await rpcError {
                _ = try await manager.control.updateNode(request: request, context: manager.context)
            }
            #expect(error?.code == .unknown && error?.message == "update out of sequence")
        }
    }

    @Test(arguments: [
        ("swarmd.drain.interval", "2", "\"2\" is no duration such as 500ms, 90s, 10m or 2h"),
        ("swarmd.drain.interval", "-2s", "\"-2s\" is no duration"),
        ("swarmd.drain.order", "first", "\"first\" is neither stop-first nor start-first"),
    ])
    func `labels for draining that cannot be read are refused by name`(
        label: String,
        value: String,
        text: String
    ) async throws {
        try await TestManager.run { manager in
            let node = try await manager.add(Fixture.node("n1"))
            let error = await rpcError {
                _ = try await manager.control.updateNode(
                    request: .with {
                        $0.nodeID = "n1"
                        $0.nodeVersion = node.meta.version
                        $0.spec.annotations.labels = [label: value]
                    },
                    context: manager.context
                )
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("labels: \(label): \(text)") == true)
            #expect(await manager.state.nodes["n1"] == node)
        }
    }

    @Test func `roles change only where the group survives it`() async throws {
        var state = SwarmNode.with {
            $0.id = "m1"
            $0.role = .manager
            $0.spec.desiredRole = .manager
        }
        let alone = try Self.state([state])
        let error = await rpcError { try RoleChange.check(of: state, to: .worker, in: alone, members: []) }
        #expect(error?.message == "attempting to demote the last manager of the swarm")

        var other = SwarmNode.with {
            $0.id = "m2"
            $0.role = .manager
        }
        let halved = try Self.state([state, other])
        let last = await rpcError { try RoleChange.check(of: state, to: .worker, in: halved, members: []) }
        #expect(last?.message == "attempting to demote the last manager of the swarm")
        other.spec.desiredRole = .manager
        let pair = try Self.state([state, other])
        let unknown = await rpcError { try RoleChange.check(of: state, to: .worker, in: pair, members: []) }
        #expect(unknown?.code == .notFound)

        let cut = [
            Self.member("m1", raft: 1), Self.member("m2", raft: 2, leader: true),
            Self.member("m3", raft: 3, reachable: false),
        ]
        let quorum = await rpcError { try RoleChange.check(of: state, to: .worker, in: pair, members: cut) }
        #expect(quorum?.code == .failedPrecondition)
        let whole = [
            Self.member("m1", raft: 1), Self.member("m2", raft: 2, leader: true),
            Self.member("m3", raft: 3),
        ]
        try RoleChange.check(of: state, to: .worker, in: pair, members: whole)

        state.spec.desiredRole = .worker
        try RoleChange.check(of: state, to: .manager, in: pair, members: [])
    }

    @Test func `a node that is ready or leads is not removed`() async throws {
        let members = [Self.member("m", raft: 1, leader: true)]
        try await TestManager.run(members: members) { manager in
            var leader = Fixture.node("m", ready: false)
            leader.spec.desiredRole = .manager
            try await manager.add(leader)
            try await manager.add(Fixture.node("w"))
            let proposed = manager.proposer.proposed
            let ready = await rpcError {
                _ = try await manager.control.removeNode(
                    request: .with { $0.nodeID = "w" },
                    context: manager.context
                )
            }
            #expect(ready?.code == .failedPrecondition)
            #expect(ready?.message == "node w is not down and can't be removed")
            let member = await rpcError {
                _ = try await manager.control.removeNode(
                    request: .with {
                        $0.nodeID = "m"
                        $0.force = true
                    },
                    context: manager.context
                )
            }
            #expect(member?.code == .failedPrecondition)
            #expect(manager.proposer.proposed == proposed)
        }
    }

    @Test func `a removed node leaves orphans and a blacklisted name`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Fixture.node("w"))
            try await manager.add(Fixture.task("t1", node: "w", state: .running))
            try await manager.add(Fixture.task("t2", node: "w", state: .complete))
            try await manager.add(Fixture.task("t3", node: "other", state: .running))
            _ = try await manager.control.removeNode(
                request: .with {
                    $0.nodeID = "w"
                    $0.force = true
                },
                context: manager.context
            )
            let state = await manager.state
            #expect(state.nodes.count == 0)
            #expect(state.tasks.all.map(\.status.state) == [.orphaned, .complete, .running])
            let refused = state.clusters[TestManager.clusterID]?.blacklistedCertificates ?? [:]
            #expect(refused.keys.sorted() == ["w"])
            // Its certificate is not known: it may be one that was signed just now.
            let longest = CertificateLifetime.ofNode(at: TestManager.now, expiry: CertificateLifetime.node)
            #expect(refused["w"]?.expiry == longest.upperBound.protobuf)
        }
    }

    @Test func `a blacklisted certificate is forgotten a week after it expired`() {
        let now = Timestamp(seconds: 10_000_000)
        let entry: (Int64) -> SwarmBlacklistedCertificate = { age in
            .with { $0.expiry = Timestamp(seconds: 10_000_000 - age).protobuf }
        }
        let kept = NodeRemoval.unexpired(
            ["week": entry(604_800), "older": entry(604_801), "none": .init()],
            now: now
        )
        #expect(kept.keys.sorted() == ["none", "week"])
    }

    private static func state(_ nodes: [SwarmNode]) throws -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: TestManager.now)
        for node in nodes { try transaction.create(node) }
        return transaction.state
    }
}
