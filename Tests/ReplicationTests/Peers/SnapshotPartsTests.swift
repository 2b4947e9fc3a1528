import FoundationEssentials
import RaftCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import Replication

@Suite struct SnapshotPartsTests {
    private let message = RaftCore.Message(
        .snapshot,
        to: 2,
        from: 1,
        term: 4,
        snapshot: Snapshot(index: 10, term: 3, configuration: ConfigurationState(voters: [1, 2]))
    )

    private static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 7, count: count)
        for index in stride(from: 0, to: count, by: 101) { bytes[index] = UInt8(truncatingIfNeeded: index) }
        return bytes
    }

    private func parts(_ count: Int, limit: Int = 4_194_304) throws -> [SwarmStreamRaftMessageRequest] {
        let configuration = RaftConfState.with { $0.voters = [1, 2, 3] }
        let snapshot = StoredSnapshot(
            term: 4,
            index: 12,
            configuration: configuration,
            bytes: Self.bytes(count)
        )
        let parts = try SnapshotParts(self.message, SnapshotSource(snapshot), partBytes: limit)
        return Array(parts.cut(snapshot.bytes))
    }

    @Test func `nine mebibytes make three parts that every manager takes`() throws {
        let parts = try self.parts(9 << 20)
        #expect(parts.count == 3)
        for part in parts {
            #expect((try part.serializedBytes() as [UInt8]).count <= 4_194_304)
        }
    }

    @Test(arguments: [0, 1, 899, 900, 901, 5_000]) func `the parts' data is the snapshot`(_ count: Int) throws
    {
        let parts = try self.parts(count, limit: 1_000)
        let bytes = parts.flatMap { Array($0.message.snapshot.data) }
        #expect(bytes == Self.bytes(count))
        #expect(parts.allSatisfy { ((try? $0.serializedBytes() as [UInt8])?.count ?? .max) <= 1_000 })
        #expect(!parts.isEmpty)
    }

    @Test func `every part says what the stored snapshot covers`() throws {
        for part in try self.parts(5_000, limit: 1_000) {
            #expect(part.message.type == .msgSnap)
            #expect(part.message.term == 4)
            #expect(part.message.snapshot.metadata.index == 12)
            #expect(part.message.snapshot.metadata.term == 4)
            #expect(part.message.snapshot.metadata.confState.voters == [1, 2, 3])
        }
    }

    @Test func `a snapshot that names no configuration gets the message's`() throws {
        let stored = StoredSnapshot(term: 3, index: 10, bytes: [1])
        let parts = try SnapshotParts(self.message, SnapshotSource(stored), partBytes: 1_000)
        let part = try #require(Array(parts.cut(stored.bytes)).first)
        #expect(part.message.snapshot.metadata.confState.voters == [1, 2])
    }
}
