import GRPCCore
import Replication
import ReplicatedStore
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Testing

@testable import ManagerNode

/// Another leader, as an operator asks for it.
@Suite(.timeLimit(.minutes(1))) struct LeadershipTransferTests {
    private static func peer(_ body: (inout PeerStatus) -> Void = { _ in }) -> PeerStatus {
        var peer = PeerStatus(member: 2)
        (peer.match, peer.progress, peer.isActive) = (5000, "replicate", true)
        body(&peer)
        return peer
    }

    @Test func `only a voter that answers and has nearly everything can lead`() {
        func refusal(_ body: (inout PeerStatus) -> Void) -> String? {
            LeadershipTransfer.refusal(Self.peer(body), commit: 5000)
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.match = 4000 } == nil)
        #expect(refusal { $0.match = 3999 } == "it is 1001 entries behind: wait until it has caught up")
        #expect(refusal { $0.isLearner = true } == "it has no vote yet: it is still catching up")
        #expect(refusal { $0.isActive = false } == "it does not answer")
        #expect(refusal { $0.progress = "snapshot" } == "it is still being sent the whole state")
        #expect(LeadershipTransfer.refusal(nil, commit: 1) != nil)
    }

    /// A manager `n1` that leads, with `n2` beside it and the worker `w1`.
    private static func transfer(
        to node: String,
        from leader: UInt64 = 1,
        _ peer: PeerStatus = Self.peer(),
        takesOver: Bool = true
    ) async throws -> [UInt64] {
        let asked = Mutex<[UInt64]>([])
        try await TestManager.run { manager in
            for name in ["n1", "n2", "w1"] {
                try await manager.add(
                    SwarmNode.with {
                        $0.id = name
                        $0.description_p.hostname = "host-\(name)"
                    }
                )
            }
            let members = [("n1", 1 as UInt64), ("n2", 2)].map { name, id in
                SwarmRaftMember.with {
                    $0.nodeID = name
                    $0.raftID = id
                    $0.status.leader = id == leader
                }
            }
            var log = LogStatus(term: 3, commitIndex: 5000, firstIndex: 1, snapshotIndex: 0, bytesOnDisk: 0)
            (log.leader, log.member, log.peers) = (leader, 1, [peer])
            let status = log
            let sources = ConsoleSources(
                store: manager.store,
                logStatus: { status },
                sessions: { [] },
                sessionChanges: AsyncStream { $0.finish() },
                members: { members },
                now: { TestManager.now },
                handOver: { id in
                    asked.withLock { $0.append(id) }
                    return takesOver
                }
            )
            let console = ConsoleService(
                sources: sources,
                identity: .init(nodeID: "n1", hostname: "host-n1", version: "0.1.0")
            )
            _ = try await console.transferLeadership(request: .with { $0.nodeID = node }, context: .test)
        }
        return asked.withLock { $0 }
    }

    @Test func `the member that was named is handed leadership, the leader itself is left alone`()
        async throws
    {
        #expect(try await Self.transfer(to: "n2") == [2])
        #expect(try await Self.transfer(to: "n1") == [])
    }

    @Test(arguments: [
        ("", RPCError.Code.invalidArgument, "node_id is empty: name the manager that is to lead"),
        ("x", .notFound, "no node has the id x"),
        ("w1", .failedPrecondition, "node host-w1 is no manager of the group: promote it first"),
    ])
    func `who cannot lead is refused by name`(node: String, code: RPCError.Code, words: String) async {
        await #expect(throws: RPCError(code: code, message: words)) { try await Self.transfer(to: node) }
    }

    @Test func `who is behind, does not take over, or is asked of a follower is told so`() async {
        let behind = "manager host-n2 cannot lead: it is 5000 entries behind: wait until it has caught up"
        await #expect(throws: RPCError(code: .failedPrecondition, message: behind)) {
            try await Self.transfer(to: "n2", Self.peer { $0.match = 0 })
        }
        let late = "manager host-n2 did not take over in time: the leader is the one before"
        await #expect(throws: RPCError(code: .aborted, message: late)) {
            try await Self.transfer(to: "n2", takesOver: false)
        }
        let follower = "this manager does not lead: try again in a moment"
        await #expect(throws: RPCError(code: .unavailable, message: follower)) {
            try await Self.transfer(to: "n2", from: 7)
        }
    }

    @Test func `among real members leadership goes to the one that is named, and back`() async throws {
        try await LoopbackGroup.with(3) { group in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                defer { tasks.cancelAll() }
                for member in group.members.dropFirst() { tasks.addTask { try await member.run() } }
                try await group.form()
                for id in [3, 2, 1] as [UInt64] {
                    let target = group.members[Int(id - 1)]
                    // On a busy machine leadership may move by itself, or the one that is named may be late.
                    while !target.isLeader {
                        if let leader = group.members.first(where: \.isLeader) {
                            await leader.handOver(to: target.id, within: .seconds(3))
                        }
                        try await ContinuousClock().sleep(for: .milliseconds(5))
                    }
                    try await group.change { _ = try await $0.readIndex() }
                }
            }
        }
    }

    @Test func `a transfer leaves a record, and looking does not`() {
        #expect(AuditedCalls.contains("swarmd.v1.Console", "TransferLeadership"))
        #expect(!AuditedCalls.contains("swarmd.v1.Console", "Status"))
        let request = SwarmdTransferLeadershipRequest.with { $0.nodeID = "n2" }
        #expect(AuditSubject(of: request, in: { nil }).object == "leadership for node n2")
    }
}
