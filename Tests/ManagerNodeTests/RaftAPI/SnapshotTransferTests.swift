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

@Suite(.timeLimit(.minutes(1))) struct SnapshotTransferTests {
    private static let bytes = (1...9).flatMap { [UInt8](repeating: $0, count: 1 << 20) }
    private static let stored = StoredSnapshot(
        term: 2,
        index: 20,
        configuration: .with { $0.voters = [1, 2] },
        bytes: Self.bytes
    )
    private static let message = RaftCore.Message(
        .snapshot,
        to: 2,
        from: 1,
        term: 3,
        snapshot: Snapshot(index: 10, term: 2, configuration: ConfigurationState(voters: [1]))
    )

    /// Takes the first part of a snapshot, and the others when it is allowed to.
    private struct Gated: SwarmRaft.SimpleServiceProtocol {
        let firstPart: AsyncStream<Void>.Continuation
        let gate: AsyncStream<Void>
        let parts: AsyncStream<Int>.Continuation

        func streamRaftMessage(
            request: RPCAsyncSequence<SwarmStreamRaftMessageRequest, any Error>,
            context: ServerContext
        ) async throws -> SwarmStreamRaftMessageResponse {
            for try await part in request {
                self.parts.yield(part.message.snapshot.data.count)
                self.firstPart.yield()
                for await _ in self.gate { break }
            }
            self.parts.finish()
            return SwarmStreamRaftMessageResponse()
        }

        func processRaftMessage(
            request: SwarmProcessRaftMessageRequest,
            context: ServerContext
        ) async throws -> SwarmProcessRaftMessageResponse { SwarmProcessRaftMessageResponse() }

        func resolveAddress(
            request: SwarmResolveAddressRequest,
            context: ServerContext
        ) async throws -> SwarmResolveAddressResponse { SwarmResolveAddressResponse() }
    }

    @Test func `a large snapshot arrives whole, as what the stored one covers`() async throws {
        let receiver = RecordingReceiver()
        let services: [any RegistrableRPCService] = [
            ReplicationService(receiver: receiver),
            RaftService(receiver: receiver, security: UncertifiedNode("n2")),
        ]
        try await TestServer.run(services) { port in
            try await PeerLab.withLinks(to: port, snapshot: Self.stored) { links in
                try await links.reach()
                links.send([Self.message])
                await links.wait(for: .snapshot(2, delivered: true))
                let snapshot = try #require(await receiver.next().first?.snapshot)
                #expect(snapshot.index == 20)
                #expect(snapshot.term == 2)
                #expect(snapshot.configuration == ConfigurationState(voters: [1, 2]))
                #expect(snapshot.data == Self.bytes)
            }
        }
    }

    @Test func `other messages pass while a snapshot is on its way in three parts`() async throws {
        let receiver = RecordingReceiver()
        let (started, starting) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(9))
        let (gate, opening) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(9))
        let (parts, counting) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(9))
        let services: [any RegistrableRPCService] = [
            ReplicationService(receiver: receiver),
            Gated(firstPart: starting, gate: gate, parts: counting),
        ]
        try await TestServer.run(services) { port in
            try await PeerLab.withLinks(to: port, snapshot: Self.stored) { links in
                try await links.reach()
                links.send([Self.message])
                for await _ in started { break }
                links.send([PeerLab.message(7, .heartbeat)])
                #expect(await receiver.next().map(\.index) == [7])
                opening.finish()
                await links.wait(for: .snapshot(2, delivered: true))
            }
        }
        var sizes: [Int] = []
        for await size in parts { sizes.append(size) }
        #expect(sizes.count == 3)
        #expect(sizes.reduce(0, +) == Self.bytes.count)
    }

    @Test func `a part that nobody takes ends the transfer`() async throws {
        var limits = PeerLab.limits
        limits.call = .milliseconds(100)
        let allowed = limits
        let (_, starting) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(9))
        let (gate, opening) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(9))
        let (_, counting) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(9))
        let services: [any RegistrableRPCService] = [
            ReplicationService(receiver: RecordingReceiver()),
            Gated(firstPart: starting, gate: gate, parts: counting),
        ]
        try await TestServer.run(services) { port in
            try await PeerLab.withLinks(to: port, limits: allowed, snapshot: Self.stored) { links in
                try await links.reach()
                links.send([Self.message])
                await links.wait(for: .snapshot(2, delivered: false))
                opening.finish()
            }
        }
    }

    @Test(arguments: [nil, StoredSnapshot(term: 1, index: 9, bytes: [1])])
    func `without a snapshot that is new enough none is delivered`(_ stored: StoredSnapshot?) async throws {
        let receiver = RecordingReceiver()
        try await TestServer.run([ReplicationService(receiver: receiver)]) { port in
            try await PeerLab.withLinks(to: port, snapshot: stored) { links in
                try await links.reach()
                links.send([Self.message])
                await links.wait(for: .snapshot(2, delivered: false))
            }
        }
    }

    @Test func `a snapshot that is older than the member is not sent`() async throws {
        let receiver = RecordingReceiver()
        let services: [any RegistrableRPCService] = [
            ReplicationService(receiver: receiver),
            RaftService(receiver: receiver, security: UncertifiedNode("n2")),
        ]
        let stored = StoredSnapshot(
            term: 2,
            index: 20,
            configuration: .with {
                $0.voters = [1]
                $0.learners = [3]
            },
            bytes: [1]
        )
        try await TestServer.run(services) { port in
            try await PeerLab.withLinks(to: port, snapshot: stored) { links in
                try await links.reach()
                links.send([Self.message])
                await links.wait(for: .snapshot(2, delivered: false))
                // The first that arrives is another message.
                links.send([PeerLab.message(7, .heartbeat)])
                #expect(await receiver.next().map(\.index) == [7])
            }
        }
    }

    @Test func `SwarmKit's manager gets every message in a call of its own`() async throws {
        let receiver = RecordingReceiver()
        try await TestServer.run([RaftService(receiver: receiver, security: UncertifiedNode("n2"))]) { port in
            try await PeerLab.withLinks(to: port, snapshot: Self.stored) { links in
                try await links.reach()
                links.send((1...50).map { PeerLab.message($0) })
                #expect(await receiver.next(50).map(\.index) == Array(1...50))
                #expect(receiver.batches == 50)
                links.send([Self.message])
                await links.wait(for: .snapshot(2, delivered: true))
            }
        }
    }

    @Test func `SwarmKit's manager tells who was removed`() async throws {
        let receiver = RecordingReceiver(removed: [1])
        try await TestServer.run([RaftService(receiver: receiver, security: UncertifiedNode("n2"))]) { port in
            try await PeerLab.withLinks(to: port) { links in
                try await links.reach()
                links.send([PeerLab.message(1)])
                await links.wait(for: .removed(by: 2))
            }
        }
    }
}
