import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct PreviewTests {
    private static func sources(_ manager: TestManager, members: [SwarmRaftMember] = []) -> ConsoleSources {
        ConsoleSources(
            store: manager.store,
            logStatus: { manager.proposer.status },
            sessions: { [] },
            sessionChanges: AsyncStream { $0.finish() },
            members: { members },
            now: { TestManager.now }
        )
    }

    private static func drain(_ id: String) -> SwarmdPreviewRequest {
        .with { $0.nodes = [.with { ($0.nodeID, $0.availability) = (id, .drain) }] }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a preview of a manager's drain tells the quorum, which stays`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Fixture.node("n1"))
            try await manager.add(Fixture.node("n2"))
            let member = SwarmRaftMember.with {
                $0.nodeID = "n1"
                $0.status.reachability = .reachable
            }
            let sources = Self.sources(manager, members: [member])
            let answer = try await sources.preview(Self.drain("n1"))
            #expect(answer.quorumBefore.managers == 1 && answer.quorumAfter.reachable == 1)
            let other = try await sources.preview(Self.drain("n2"))
            #expect(!other.hasQuorumBefore)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what makes no sense is refused in words`() async throws {
        try await TestManager.run { manager in
            let sources = Self.sources(manager)
            await #expect(throws: RPCError.self) { try await sources.preview(.init()) }
            do {
                _ = try await sources.preview(Self.drain("gone"))
                Issue.record("a node that does not exist is drained")
            } catch let error as RPCError {
                #expect(error.code == .notFound && error.message == "node gone does not exist")
            }
        }
    }

    @Test func `the local socket serves previews`() {
        #expect(ServiceBoard.localMethods.contains { $0.method == "Preview" })
    }
}
