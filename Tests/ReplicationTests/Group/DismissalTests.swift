import Foundation
import Primitives
import RaftCore
import Replication
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Testing

/// Members that may not go on: one whose store strayed, and one that was removed.
@Suite(.timeLimit(.minutes(1))) struct DismissalTests {
    /// A transport whose other side is the test.
    private final class HeldTransport: PeerTransport {
        let reports: AsyncStream<PeerReport>
        let reporting: AsyncStream<PeerReport>.Continuation
        let sent = Mutex<[RaftCore.Message]>([])
        let shared = Mutex<[SwarmdStateDigest]>([])

        init() {
            (self.reports, self.reporting) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
        }

        func send(_ messages: [RaftCore.Message]) { self.sent.withLock { $0 += messages } }
        func setMembers(_ members: [SwarmRaftMember]) {}
        func address(of id: RaftID) -> String? { nil }
        func learn(_ id: RaftID, at address: String) {}
        func seek(_ id: RaftID) {}
        func share(_ digest: SwarmdStateDigest) { self.shared.withLock { $0.append(digest) } }
        func isReachable(_ id: RaftID) -> Bool { true }
        func run() async throws {
            for await _ in AsyncStream<Never>(bufferingPolicy: .bufferingOldest(1), { _ in }) {}
        }
    }

    private let scratch: ScratchDirectory
    private let transport = HeldTransport()

    init() throws { self.scratch = try ScratchDirectory() }

    /// Member 7 of a group with 8 and 9, as far as it knows.
    private func open() throws -> GroupProposer {
        let group = SwarmClusterSnapshot.with {
            $0.members = [7, 8, 9].map { id in .with { $0.raftID = id } }
        }
        let image = StoreSnapshot(state: StoreState(), membership: group)
        let configuration = ConfigurationState(voters: [7, 8, 9])
        // The directory is locked while the first one lives.
        try LogStorage(directory: self.scratch.raft, limits: .small).snapshots.store(
            StoredSnapshot(
                term: 2,
                index: 10,
                configuration: RaftWire.encode(configuration),
                bytes: image.bytes
            )
        )
        var limits = GroupLimits()
        limits.tick = .milliseconds(1)
        return try GroupProposer(
            storage: try LogStorage(directory: self.scratch.raft, limits: .small),
            origin: .join(raftID: 7),
            transport: self.transport,
            limits: limits,
            seed: 1,
            now: { Timestamp(seconds: 1) }
        )
    }

    @Test func `a member whose store differs from most others' stops and says so`() async throws {
        let proposer = try self.open()
        let right = StateDigest.of(name: "right")
        let wrong = StateDigest.of(name: "wrong")
        proposer.share(wrong, at: 1_024)
        #expect(self.transport.shared.withLock { $0.map(\.index) } == [1_024])
        let wire = SwarmdStateDigest.with {
            $0.index = 1_024
            $0.digest = Data(right.bytes)
        }
        proposer.compare([wire], from: 8)
        #expect(proposer.status.member == 7)
        proposer.compare([wire], from: 9)
        let error = await #expect(throws: LogError.self) { try await proposer.run() }
        #expect(error == .astray(index: 1_024, own: "\(wrong)", group: "\(right)"))
        let text = "\(try #require(error))"
        #expect(text.contains("1024") && text.contains("\(wrong)") && text.contains("\(right)"))
        #expect(text.contains("state directory"))
    }

    @Test func `digests of another form say nothing`() async throws {
        let proposer = try self.open()
        proposer.share(.of(name: "wrong"), at: 1_024)
        var bytes = StateDigest.of(name: "right").bytes
        bytes[0] &+= 1
        let wire = SwarmdStateDigest.with {
            $0.index = 1_024
            $0.digest = Data(bytes)
        }
        for id in [8, 9] as [RaftID] { proposer.compare([wire], from: id) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await #expect(throws: Never.self) { try await proposer.run() } }
            group.cancelAll()
        }
    }

    @Test func `a member that most others know to be removed ends and says so`() async throws {
        let proposer = try self.open()
        self.transport.reporting.yield(.removed(by: 8))
        self.transport.reporting.yield(.removed(by: 9))
        let error = await #expect(throws: LogError.self) { try await proposer.run() }
        #expect(error == .removed)
    }

    @Test func `a member that one other knows to be removed asks the rest`() async throws {
        let proposer = try self.open()
        self.transport.reporting.yield(.removed(by: 8))
        let error = await #expect(throws: LogError.self) { try await proposer.run() }
        #expect(error == .removed)
        let asked = self.transport.sent.withLock { $0.filter { $0.kind == .heartbeatResponse } }
        #expect(Set(asked.map(\.to)) == [8, 9] && asked.allSatisfy { $0.term == 0 })
    }
}
