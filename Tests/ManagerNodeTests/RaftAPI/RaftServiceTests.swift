import FoundationEssentials
import GRPCCore
import RaftCore
import Replication
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct RaftServiceTests {
    /// The call of the node `node`.
    private static func context(of node: String?) -> ServerContext {
        var context = ServerContext(
            descriptor: MethodDescriptor(fullyQualifiedService: "s", method: "m"),
            remotePeer: "",
            localPeer: "",
            cancellation: .init()
        )
        context.transportSpecific = PeerIdentity(uncertified: node)
        return context
    }

    private func send(
        _ message: RaftCore.Message,
        of node: String? = "n1",
        to receiver: RecordingReceiver,
        answering: Bool = true
    ) async throws {
        let service = RaftService(
            receiver: receiver,
            security: UncertifiedNode("n2"),
            check: { _ in if !answering { throw RPCError(code: .unavailable, message: "nobody is there") } }
        )
        _ = try await service.processRaftMessage(
            request: .with { $0.message = RaftWire.encode(message) },
            context: Self.context(of: node)
        )
    }

    @Test(arguments: [
        (RaftCore.Message(.append, to: 2, from: 1), true),
        (RaftCore.Message(.append, to: 2, from: 9), true),
        (RaftCore.Message(.vote, to: 2, from: 1), true),
        (RaftCore.Message(.vote, to: 2, from: 9), false),
        (RaftCore.Message(.append, to: 3, from: 1), false),
        (RaftCore.Message(.propose, to: 2, from: 1), false),
    ])
    func `messages that are of no use are dropped without an error`(
        _ message: RaftCore.Message,
        _ isTaken: Bool
    ) async throws {
        let receiver = RecordingReceiver()
        try await self.send(message, to: receiver)
        #expect(receiver.batches == (isTaken ? 1 : 0))
    }

    @Test func `a candidate that does not answer gets no vote`() async throws {
        let receiver = RecordingReceiver()
        try await self.send(RaftCore.Message(.vote, to: 2, from: 1), to: receiver, answering: false)
        #expect(receiver.batches == 0)
        try await self.send(RaftCore.Message(.append, to: 2, from: 1), to: receiver, answering: false)
        #expect(receiver.batches == 1)
    }

    @Test func `a sender that may be unknown is looked for before its message is taken`() async throws {
        let receiver = RecordingReceiver()
        try await self.send(RaftCore.Message(.append, to: 2, from: 9), to: receiver)
        #expect(await receiver.addresses.first { _ in true } == "9?")
    }

    @Test func `a removed member gets the error that it must act upon`() async throws {
        let receiver = RecordingReceiver(removed: [1])
        let error = await #expect(throws: RPCError.self) {
            try await self.send(RaftCore.Message(.append, to: 2, from: 1), to: receiver)
        }
        #expect(error?.code == .notFound)
        #expect(error?.message == "raft: member was removed from the cluster")
    }

    @Test(arguments: ["n7", nil])
    func `nobody but its node sends for a member`(_ node: String?) async throws {
        let receiver = RecordingReceiver()
        for kind in [.append, .vote, .heartbeatResponse] as [RaftCore.Message.Kind] {
            let error = await #expect(throws: RPCError.self) {
                try await self.send(RaftCore.Message(kind, to: 2, from: 1), of: node, to: receiver)
            }
            #expect(error?.code == .permissionDenied)
        }
        #expect(receiver.batches == 0)
        try await self.send(RaftCore.Message(.append, to: 2, from: 9), of: node, to: receiver)
        #expect(receiver.batches == 1, "one that is not known yet needs no membership")
    }

    @Test func `a call without a message is refused`() async throws {
        let service = RaftService(receiver: RecordingReceiver(), security: UncertifiedNode("n2"))
        for message in [nil, RaftMessage()] {
            let error = await #expect(throws: RPCError.self) {
                _ = try await service.processRaftMessage(
                    request: .with { if let message { $0.message = message } },
                    context: Self.context(of: "n1")
                )
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test func `the old certificate of a manager that was demoted sends nothing, whatever it says`()
        async throws
    {
        let receiver = RecordingReceiver()
        let service = RaftService(
            receiver: receiver,
            security: UncertifiedNode("n2"),
            isDemoted: { $0 == "n7" },
            check: { _ in }
        )
        let messages = [RaftMessage(), RaftWire.encode(RaftCore.Message(.append, to: 2, from: 9))]
        for message in messages {
            let error = await #expect(throws: RPCError.self) {
                _ = try await service.processRaftMessage(
                    request: .with { $0.message = message },
                    context: Self.context(of: "n7")
                )
            }
            #expect(error?.code == .permissionDenied)
            #expect(error?.message == "Permission denied: node n7 is no longer a manager")
        }
        #expect(receiver.batches == 0)
        let member = RaftWire.encode(RaftCore.Message(.append, to: 2, from: 1))
        let promoted = RaftService(
            receiver: receiver,
            security: UncertifiedNode("n2"),
            isDemoted: { _ in true },
            check: { _ in }
        )
        _ = try await promoted.processRaftMessage(
            request: .with { $0.message = member },
            context: Self.context(of: "n1")
        )
        #expect(receiver.batches == 1, "a member counts as one, whatever the store says of its node yet")
    }

    @Test func `the address of a member can be asked for`() async throws {
        let service = RaftService(receiver: RecordingReceiver(), security: UncertifiedNode("n2"))
        let answer = try await service.resolveAddress(
            request: .with { $0.raftID = 1 },
            context: Self.context(of: "n1")
        )
        #expect(answer.addr == "127.0.0.1:1")
        let error = await #expect(throws: RPCError.self) {
            try await service.resolveAddress(
                request: .with { $0.raftID = 9 },
                context: Self.context(of: "n1")
            )
        }
        #expect(error?.code == .notFound)
    }
}

@Suite struct SnapshotAssemblyTests {
    private func part(_ bytes: [UInt8], index: UInt64 = 5, type: RaftMessageType = .msgSnap) -> RaftMessage {
        .with {
            $0.type = type
            $0.from = 1
            $0.snapshot.metadata.index = index
            if !bytes.isEmpty { $0.snapshot.data = Data(bytes) }
        }
    }

    @Test func `parts make one message`() throws {
        var assembly = SnapshotAssembly()
        #expect(assembly.message == nil)
        for bytes in [[1, 2], [3], [4, 5]] as [[UInt8]] { try assembly.add(self.part(bytes)) }
        #expect(assembly.message == self.part([1, 2, 3, 4, 5]))
    }

    @Test func `a message that is no snapshot comes alone`() throws {
        var assembly = SnapshotAssembly()
        let heartbeat = RaftMessage.with { $0.type = .msgHeartbeat }
        try assembly.add(heartbeat)
        #expect(assembly.message?.type == .msgHeartbeat)
        let error = #expect(throws: RPCError.self) { try assembly.add(heartbeat) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `a part of another snapshot is refused`() throws {
        var assembly = SnapshotAssembly()
        try assembly.add(self.part([1]))
        let error = #expect(throws: RPCError.self) { try assembly.add(self.part([2], index: 6)) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `a snapshot that gets too large is refused`() throws {
        var assembly = SnapshotAssembly(limit: 3)
        try assembly.add(self.part([1, 2]))
        try assembly.add(self.part([3]))
        let error = #expect(throws: RPCError.self) { try assembly.add(self.part([4])) }
        #expect(error?.code == .resourceExhausted)
    }
}
