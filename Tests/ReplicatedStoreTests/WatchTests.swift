import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct WatchTests {
    /// A store that applied `count` commits, at the indexes from 1 on, and whose log has ended.
    private func store(
        commits count: Int,
        limits: StoreLimits = StoreLimits()
    ) async throws -> ReplicatedStore {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) }, limits: limits)
        for number in 1...count { proposer.send(.committed([try self.entry(UInt64(number))])) }
        proposer.finish()
        await #expect(throws: ProposalError.closed) { try await store.run() }
        return store
    }

    private func entry(_ index: UInt64) throws -> CommittedEntry {
        let task = SwarmTask.with { $0.id = "t\(index)" }
        return CommittedEntry(index: index, data: try StoreEntry.encode([.create(.task(task))], id: 0))
    }

    private func indexes(_ commits: CommitFeed) async -> [UInt64] {
        var indexes: [UInt64] = []
        for await commit in commits { indexes.append(commit.index) }
        return indexes
    }

    @Test func `a watcher gets the state and every commit after it`() async throws {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        let (state, index, commits) = await store.watch(limit: 10)
        #expect(state.tasks.count == 0 && index == 0)
        proposer.send(.committed([try self.entry(1), CommittedEntry(index: 2, data: [])]))
        proposer.send(.committed([try self.entry(3)]))
        proposer.finish()
        await #expect(throws: ProposalError.closed) { try await store.run() }
        var counts: [Int] = []
        for await commit in commits { counts.append(commit.state.tasks.count) }
        #expect(counts == [1, 2])
    }

    @Test func `a watcher hears only of the kinds that it asked for`() async throws {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        let tasks = await store.watch(limit: 10, of: .tasks).commits
        let nodes = await store.watch(limit: 10, of: [.nodes, .clusters]).commits
        let mixed = await store.watch(limit: 10, of: [.tasks, .nodes]).commits
        let secret = SwarmSecret.with { $0.id = "s" }
        let node = SwarmNode.with { $0.id = "n" }
        proposer.send(.committed([try self.entry(1)]))
        proposer.send(
            .committed([
                CommittedEntry(index: 2, data: try StoreEntry.encode([.create(.secret(secret))], id: 0)),
                try self.entry(3),
                CommittedEntry(index: 4, data: try StoreEntry.encode([.create(.node(node))], id: 0)),
            ])
        )
        proposer.finish()
        await #expect(throws: ProposalError.closed) { try await store.run() }
        #expect(await self.indexes(tasks) == [1, 3])
        #expect(await self.indexes(nodes) == [4])
        #expect(await self.indexes(mixed) == [1, 3, 4])
    }

    @Test func `commits that were carried out together show the store behind the last of them`() async throws
    {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        let (_, _, commits) = await store.watch(limit: 10)
        proposer.send(.committed([try self.entry(1), CommittedEntry(index: 2, data: []), try self.entry(3)]))
        proposer.finish()
        await #expect(throws: ProposalError.closed) { try await store.run() }
        var seen: [[UInt64]] = []
        for await commit in commits {
            seen.append([commit.index, commit.version.index, UInt64(commit.state.tasks.count)])
        }
        #expect(seen == [[1, 3, 2], [3, 3, 2]])
    }

    @Test func `a watcher that lags finds its stream ended`() async throws {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        let (_, _, commits) = await store.watch(limit: 2)
        for number in 1...5 { proposer.send(.committed([try self.entry(UInt64(number))])) }
        proposer.finish()
        await #expect(throws: ProposalError.closed) { try await store.run() }
        #expect(await self.indexes(commits) == [1, 2])
    }

    @Test func `a watcher resumes where it was`() async throws {
        let store = try await self.store(commits: 20)
        let commits = try #require(await store.watch(after: 15, limit: 1))
        #expect(await self.indexes(commits) == [16, 17, 18, 19, 20])
        let all = try #require(await store.watch(after: 0, limit: 1))
        #expect(await self.indexes(all) == Array(1...20))
        let none = try #require(await store.watch(after: 20, limit: 1))
        #expect(await self.indexes(none) == [])
    }

    @Test func `what is forgotten or has not happened can't be resumed from`() async throws {
        var limits = StoreLimits()
        limits.historyCommits = 5
        let store = try await self.store(commits: 200, limits: limits)
        #expect(await store.watch(after: 194, limit: 1) == nil)
        #expect(await store.watch(after: 201, limit: 1) == nil)
        let commits = try #require(await store.watch(after: 195, limit: 1))
        #expect(await self.indexes(commits) == Array(196...200))
    }

    @Test func `a snapshot that replaces the state cuts watchers off`() async throws {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        let (_, _, commits) = await store.watch(limit: 10)
        let snapshot = StoreSnapshot(state: StoreState(), membership: SwarmClusterSnapshot())
        proposer.send(.committed([try self.entry(1)]))
        proposer.send(.restored(snapshot: snapshot.bytes, index: 9))
        proposer.send(.committed([try self.entry(10)]))
        proposer.finish()
        await #expect(throws: ProposalError.closed) { try await store.run() }
        #expect(await self.indexes(commits) == [1])
        #expect(await store.watch(after: 8, limit: 1) == nil)
        let resumed = try #require(await store.watch(after: 9, limit: 1))
        #expect(await self.indexes(resumed) == [10])
    }

    @Test func `leaderships begin with the present one and end with the store`() async throws {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        let changes = await store.leaderships()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await #expect(throws: ProposalError.closed) { try await store.run() } }
            var iterator = changes.makeAsyncIterator()
            #expect(await iterator.next() == .follower)
            proposer.lead(term: 4)
            #expect(await iterator.next() == .leader(term: 4))
            proposer.send(.lostLeadership)
            #expect(await iterator.next() == .follower)
            proposer.finish()
            while await iterator.next() != nil {}
            try await group.waitForAll()
        }
    }
}
