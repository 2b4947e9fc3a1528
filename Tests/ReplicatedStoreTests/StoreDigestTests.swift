import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

/// When a store's digest is due, and what it is made of.
struct StoreDigestTests {
    private static let interval: UInt64 = 8

    private func replica(members: UInt64 = 3) -> StoreReplica<Int> {
        var limits = StoreLimits()
        limits.digestInterval = Self.interval
        let group = SwarmClusterSnapshot.with {
            $0.members = (1...members).map { id in .with { $0.raftID = id } }
        }
        return StoreReplica(membership: group, limits: limits, firstRequest: 1)
    }

    /// An entry that creates a config, or changes it.
    private func entry(_ index: UInt64) throws -> CommittedEntry {
        let config = SwarmConfig.with {
            $0.id = "c\(index % 5)"
            $0.spec.annotations.name = "c\(index % 5)"
            $0.spec.annotations.labels = ["index": "\(index)", "a": "1", "b": "2"]
        }
        return CommittedEntry(
            index: index,
            data: try StoreEntry.encode([.create(.config(config))], id: index)
        )
    }

    private func follow(
        _ replica: inout StoreReplica<Int>,
        _ indices: ClosedRange<UInt64>
    ) throws -> [DigestPart] {
        try indices.flatMap { index in
            try replica.follow(.committed([self.entry(index)])).compactMap { outcome in
                if case .digestDue(let part) = outcome { part } else { nil }
            }
        }
    }

    private func digests(_ parts: [DigestPart]) -> [UInt64: StateDigest] {
        var fold = DigestFold()
        return Dictionary(
            uniqueKeysWithValues: parts.compactMap { part in
                fold.fold(part).map { (part.index, $0) }
            }
        )
    }

    /// The indices that the parts follow; nil for those that look at everything.
    private func followed(_ parts: [DigestPart]) -> [UInt64?] {
        parts.map { if case .since(let index, _) = $0.basis { index } else { nil } }
    }

    @Test func `a digest is due at the same indices everywhere`() throws {
        var replica = self.replica()
        let parts = try self.follow(&replica, 1...40)
        #expect(parts.map(\.index) == [8, 16, 24, 32, 40])
        #expect(self.followed(parts) == [nil, 8, 16, 24, 32])
        let last = try #require(parts.last)
        guard case .since(_, let touched) = last.basis else { return #expect(Bool(false), "a whole digest") }
        #expect(touched.objects.count == 5)
    }

    @Test func `after a digest that was not made the next looks at everything`() throws {
        var replica = self.replica()
        _ = try self.follow(&replica, 1...20)
        replica.digestLost()
        #expect(self.followed(try self.follow(&replica, 21...40)) == [nil, 24, 32])
    }

    @Test func `who begins with a snapshot gets the same digests`() throws {
        var first = self.replica()
        let expected = self.digests(try self.follow(&first, 1...40))
        var source = self.replica()
        _ = try self.follow(&source, 1...13)
        let image = StoreSnapshot(state: source.state, membership: source.membership)
        var second = self.replica()
        _ = try self.follow(&second, 1...9)
        _ = try second.follow(.restored(snapshot: image.bytes, index: 13))
        let digests = self.digests(try self.follow(&second, 14...40))
        #expect(digests.keys.sorted() == [16, 24, 32, 40])
        #expect(digests.allSatisfy { expected[$0.key] == $0.value })
    }

    @Test func `another state has another digest`() throws {
        var right = self.replica()
        var wrong = self.replica()
        let expected = self.digests(try self.follow(&right, 1...8))
        _ = try self.follow(&wrong, 1...5)
        _ = try wrong.follow(.committed([CommittedEntry(index: 6, data: [])]))
        #expect(self.digests(try self.follow(&wrong, 7...8)) != expected)
    }

    @Test func `a group of one has nobody to compare with`() throws {
        var replica = self.replica(members: 1)
        let none = try self.follow(&replica, 1...20)
        #expect(none.isEmpty)
        let group = SwarmClusterSnapshot.with { $0.members = [.init(), .init()] }
        _ = try replica.follow(.membership(group, index: 21))
        let parts = try self.follow(&replica, 22...32)
        #expect(self.followed(parts) == [nil, 24])
    }

    @Test func `the store hands its digests to the log`() async throws {
        let proposer = HeldProposer()
        let replica = self.replica()
        var limits = StoreLimits()
        limits.digestInterval = Self.interval
        let store = ReplicatedStore(
            proposer: proposer,
            now: { .init(seconds: 1) },
            limits: limits,
            membership: replica.membership
        )
        let entries = try (1...16 as ClosedRange<UInt64>).map { try self.entry($0) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await store.run() }
            proposer.send(.committed(entries))
            #expect(await eventually { proposer.digests.count == 2 })
            group.cancelAll()
        }
        #expect(proposer.digests.map(\.index) == [8, 16])
        #expect(proposer.digests.last?.digest == StateDigest(of: await store.committed.state))
    }
}
