import GRPCCore
import RaftCore
import Replication
import ReplicatedStore
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Testing

@testable import ManagerNode

@Suite struct RaftMembershipServiceTests {
    private struct Unwell: Error {}

    private func context(_ node: String? = "n9", host: String? = "10.0.0.9") -> ServerContext {
        var context = ServerContext(
            descriptor: MethodDescriptor(fullyQualifiedService: "s", method: "m"),
            remotePeer: "",
            localPeer: "",
            cancellation: .init()
        )
        context.transportSpecific = PeerIdentity(uncertified: node, host: host)
        return context
    }

    private func service(
        _ group: FakeGroup,
        ids: [UInt64] = [9],
        isWell: Bool = true,
        role: SwarmNodeRole? = nil
    ) -> RaftMembershipService {
        let left = Mutex(ids)
        return RaftMembershipService(
            group: group,
            security: UncertifiedNode("n1"),
            log: PeerLab.log,
            makeID: { left.withLock { $0.isEmpty ? .random(in: 100...1_000) : $0.removeFirst() } },
            check: { _ in if !isWell { throw Unwell() } },
            desiredRole: { _ in role }
        )
    }

    private func join(
        _ service: RaftMembershipService,
        _ address: String,
        _ context: ServerContext
    ) async throws -> SwarmJoinResponse {
        try await service.join(request: .with { $0.addr = address }, context: context)
    }

    private func leave(_ group: FakeGroup, _ id: UInt64) async throws {
        _ = try await self.service(group).leave(
            request: .with { $0.node.raftID = id },
            context: self.context()
        )
    }

    @Test(arguments: [
        ("10.0.0.9:4242", "10.0.0.9:4242"), ("manager:4242", "manager:4242"),
        ("0.0.0.0:4242", "10.0.0.9:4242"), ("[::]:4242", "10.0.0.9:4242"), ("[::1]:4242", "[::1]:4242"),
    ])
    func `a new manager becomes a learner at the address where it can be reached`(
        _ named: String,
        _ known: String
    ) async throws {
        let group = FakeGroup()
        let answer = try await self.join(self.service(group), named, self.context())
        #expect(answer.raftID == 9)
        #expect(answer.members.map(\.raftID) == [1, 2, 9])
        #expect(group.changes == [.added(9, node: "n9", address: known, asLearner: true)])
    }

    @Test func `a node that is to be a worker does not enter the group`() async throws {
        let group = FakeGroup()
        let error = await #expect(throws: RPCError.self) {
            try await self.join(self.service(group, role: .worker), "10.0.0.9:4242", self.context())
        }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.message.contains("node n9 is to be a worker") == true)
        #expect(group.changes.isEmpty)
        _ = try await self.join(self.service(group, role: .manager), "10.0.0.9:4242", self.context())
        #expect(group.changes.count == 1)
    }

    @Test func `identifiers that somebody has or had are not given again`() async throws {
        let group = FakeGroup()
        let service = self.service(group, ids: [0, 1, 2, 3, 7])
        #expect(try await self.join(service, "10.0.0.9:1", self.context()).raftID == 7)
    }

    @Test func `a member that joins again keeps its identifier`() async throws {
        let group = FakeGroup()
        let answer = try await self.join(self.service(group), "127.0.0.1:4002", self.context("n2"))
        #expect(answer.raftID == 2)
        #expect(group.changes.isEmpty)
    }

    @Test func `a member that joins from elsewhere moves`() async throws {
        let group = FakeGroup()
        let answer = try await self.join(self.service(group), "127.0.0.1:5002", self.context("n2"))
        #expect(answer.raftID == 2)
        #expect(group.changes == [.updated(2, address: "127.0.0.1:5002")])
    }

    @Test(arguments: [
        ("nonsense", Optional("n9"), Optional("10.0.0.9"), RPCError.Code.invalidArgument),
        ("10.0.0.9:0", "n9", "10.0.0.9", .invalidArgument), ("0.0.0.0:4242", "n9", nil, .invalidArgument),
        ("10.0.0.9:4242", nil, "10.0.0.9", .permissionDenied),
    ])
    func `a join that says too little is refused`(
        _ address: String,
        _ node: String?,
        _ host: String?,
        _ code: RPCError.Code
    ) async throws {
        let group = FakeGroup()
        let error = await #expect(throws: RPCError.self) {
            try await self.join(self.service(group), address, self.context(node, host: host))
        }
        #expect(error?.code == code)
        #expect(group.changes.isEmpty)
    }

    @Test func `a manager that does not answer the call back is not taken`() async throws {
        let group = FakeGroup()
        let error = await #expect(throws: RPCError.self) {
            try await self.join(self.service(group, isWell: false), "10.0.0.9:1", self.context())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("using its advertised address 10.0.0.9:1") == true)
        #expect(group.changes.isEmpty)
    }

    @Test func `who does not lead says who does`() async throws {
        let group = FakeGroup { $0.isLeader = false }
        let error = await #expect(throws: RPCError.self) {
            try await self.join(self.service(group), "10.0.0.9:1", self.context())
        }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.message.hasSuffix("the leader is at 127.0.0.1:4002") == true)
        await #expect(throws: RPCError.self) { try await self.leave(group, 1) }
        #expect(group.changes.isEmpty)
    }

    @Test func `a join waits for a change of somebody else`() async throws {
        let group = FakeGroup { $0.refusals = [.overloaded, .overloaded] }
        _ = try await self.join(self.service(group), "10.0.0.9:1", self.context())
        #expect(group.changes.count == 1)
    }

    @Test func `leadership that is lost during a join is told`() async throws {
        let group = FakeGroup { $0.refusals = [.lostLeadership] }
        let error = await #expect(throws: RPCError.self) {
            try await self.join(self.service(group), "10.0.0.9:1", self.context())
        }
        #expect(error?.code == .unavailable)
    }

    @Test func `managers that join at once join one after the other`() async throws {
        let group = FakeGroup()
        let service = self.service(group, ids: [11, 12, 13, 14])
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 1...4 {
                let context = self.context("m\(number)")
                tasks.addTask { _ = try await self.join(service, "10.0.0.9:\(number)", context) }
            }
            try await tasks.waitForAll()
        }
        #expect(group.changes.count == 4)
        #expect(Set(group.membership.members.map(\.raftID)) == [1, 2, 11, 12, 13, 14])
    }

    @Test func `a member that leaves is removed, and once only`() async throws {
        let group = FakeGroup()
        try await self.leave(group, 2)
        try await self.leave(group, 2)
        #expect(group.changes == [.removed(2)])
    }

    @Test func `who is no member can't leave`() async throws {
        let error = await #expect(throws: RPCError.self) { try await self.leave(FakeGroup(), 77) }
        #expect(error?.code == .notFound)
        #expect(error.map { KnownError.isRemoved($0) } == false)
    }

    @Test func `a member that the quorum needs stays`() async throws {
        let group = FakeGroup { $0.canRemove = false }
        let error = await #expect(throws: RPCError.self) { try await self.leave(group, 2) }
        #expect(error?.code == .unknown)
        #expect(
            error?.message
                == "raft: member cannot be removed, because removing it may result in loss of quorum"
        )
        #expect(group.changes.isEmpty)
    }

    @Test func `a join at a follower goes to the leader, who calls back`() async throws {
        let leading = FakeGroup()
        let health = HealthService(keys: ["Raft"])
        health.set("Raft", isServing: true)
        let leader = RaftMembershipService(
            group: leading,
            security: UncertifiedNode("n1"),
            log: PeerLab.log,
            makeID: { 9 }
        )
        try await TestServer.run([leader, health]) { port in
            let following = FakeGroup { state in
                state.isLeader = false
                state.group.members[1].addr = "127.0.0.1:\(port)"
            }
            let follower = self.service(following)
            try await TestServer.run([follower]) { other in
                let answer = try await MembershipCalls.join(
                    leader: "127.0.0.1:\(other)",
                    security: UncertifiedNode("n9"),
                    address: "127.0.0.1:\(port)"
                )
                #expect(answer.raftID == 9)
                try await MembershipCalls.leave(
                    leader: "127.0.0.1:\(other)",
                    security: UncertifiedNode("n9"),
                    raftID: 9
                )
            }
            health.set("Raft", isServing: false)
            await #expect(throws: MembershipCalls.NotServing.self) {
                try await MembershipCalls.check("127.0.0.1:\(port)", security: UncertifiedNode("n1"))
            }
        }
        #expect(leading.changes.count == 2)
        #expect(leading.changes.last == .removed(9))
    }
}
