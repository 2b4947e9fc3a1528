import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

private func task(_ id: String) -> SwarmTask { .with { $0.id = id } }

/// Runs `body` beside a store whose log the test holds.
private func withStore(
    limits: StoreLimits = StoreLimits(),
    _ body: @Sendable (ReplicatedStore, HeldProposer) async throws -> Void
) async throws {
    let proposer = HeldProposer()
    let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) }, limits: limits)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try? await store.run() }
        try await body(store, proposer)
        group.cancelAll()
    }
}

private func becomeLeader(_ store: ReplicatedStore, _ proposer: HeldProposer) async {
    proposer.lead()
    #expect(await eventually { await store.leadership == .leader(term: 1) })
}

struct ReplicatedStoreTests {
    @Test func `an update returns when its entry is committed and not before`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            async let done: Void = store.update { try $0.create(task("a")) }
            #expect(await eventually { proposer.held.count == 1 })
            #expect(await store.committed.state.tasks.count == 0)
            proposer.commit()
            try await done
            let (state, index) = await store.committed
            #expect(state.tasks["a"]?.meta.version.index == 2)
            #expect(index == 3)
        }
    }

    @Test func `later transactions see earlier ones that are not committed yet`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        try await store.update { transaction in
                            try transaction.create(task("t\(number)"))
                            return transaction.state.tasks.count
                        }
                    }
                }
                #expect(await eventually { proposer.held.count == 10 })
                proposer.commit()
                var counts: [Int] = []
                for try await count in group { counts.append(count) }
                #expect(counts.sorted() == Array(1...10))
            }
            let versions = await store.committed.state.tasks.all.map(\.meta.version.index)
            #expect(versions.sorted() == Array(2...11))
        }
    }

    @Test func `a body that throws or changes nothing proposes nothing`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            await #expect(throws: StoreError.notFound(.task, id: "a")) {
                try await store.update { try $0.remove(SwarmTask.self, id: "a") }
            }
            let count = try await store.update { $0.state.tasks.count }
            #expect(count == 0)
            #expect(proposer.held.isEmpty)
        }
    }

    @Test func `an update that changes nothing waits for what it saw`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            async let first: Void = store.update { try $0.create(task("a")) }
            #expect(await eventually { proposer.held.count == 1 })
            async let count = store.update { $0.state.tasks.count }
            proposer.send(.lostLeadership)
            do {
                try await first
                Issue.record("it returned")
            } catch { #expect(error as? ProposalError == ProposalError.lostLeadership) }
            do {
                let seen = try await count
                Issue.record("it saw \(seen) tasks that were never committed")
            } catch { #expect([.lostLeadership, .notLeader].contains(error as? ProposalError)) }
        }
    }

    @Test func `a follower refuses updates and applies what others committed`() async throws {
        try await withStore { store, proposer in
            await #expect(throws: ProposalError.notLeader) {
                try await store.update { try $0.create(task("a")) }
            }
            let entry = try StoreEntry.encode([.create(.task(task("b")))], id: 99)
            proposer.send(.committed([CommittedEntry(index: 3, data: entry)]))
            #expect(await eventually { await store.committed.index == 3 })
            #expect(await store.committed.state.tasks["b"] != nil)
        }
    }

    @Test func `a linearizable read waits for the entry that the group confirmed`() async throws {
        try await withStore { store, proposer in
            proposer.setReadIndex(3)
            async let read = store.linearizable()
            let entry = try StoreEntry.encode([.create(.task(task("a")))], id: 99)
            proposer.send(.committed([CommittedEntry(index: 3, data: entry)]))
            let (state, index) = try await read
            #expect(index == 3 && state.tasks["a"] != nil)
            proposer.refuse(.notLeader)
            await #expect(throws: ProposalError.notLeader) { try await store.linearizable() }
        }
    }

    @Test func `a pause refuses updates and leaves what is under way alone`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            async let first: Void = store.update { try $0.create(task("a")) }
            #expect(await eventually { proposer.held.count == 1 })
            proposer.send(.pausedLeading)
            #expect(await eventually { await store.leadership == .follower })
            await #expect(throws: ProposalError.notLeader) { try await store.update { $0.state.tasks.count } }
            proposer.send(.resumedLeading(term: 1))
            #expect(await eventually { await store.leadership == .leader(term: 1) })
            async let second: Int = store.update { transaction in
                try transaction.create(task("b"))
                return transaction.state.tasks.count
            }
            #expect(await eventually { proposer.held.count == 2 })
            proposer.commit()
            try await first
            #expect(try await second == 2)
        }
    }

    @Test func `lost leadership drops the head and fails what waits`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            async let done: Void = store.update { try $0.create(task("a")) }
            #expect(await eventually { proposer.held.count == 1 })
            proposer.send(.lostLeadership)
            do {
                try await done
                Issue.record("it returned")
            } catch { #expect(error as? ProposalError == ProposalError.lostLeadership) }
            #expect(await store.leadership == .follower)
            // The entry may be committed all the same, by the next leader.
            proposer.commit()
            #expect(await eventually { await store.committed.state.tasks["a"] != nil })
        }
    }

    @Test func `a cancelled caller returns at once and its entry takes its course`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            let wasCancelled = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do {
                        try await store.update { try $0.create(task("a")) }
                        return false
                    } catch { return error is CancellationError }
                }
                #expect(await eventually { proposer.held.count == 1 })
                group.cancelAll()
                return await group.next()
            }
            #expect(wasCancelled == true)
            proposer.commit()
            #expect(await eventually { await store.committed.state.tasks["a"] != nil })
            async let done: Void = store.update { try $0.create(task("b")) }
            #expect(await eventually { proposer.commit() == 1 })
            try await done
        }
    }

    @Test func `too many bytes in flight are refused and too large updates too`() async throws {
        var limits = StoreLimits()
        limits.bytesInFlight = 100
        try await withStore(limits: limits) { store, proposer in
            await becomeLeader(store, proposer)
            async let first: Void = store.update { try $0.create(task(String(repeating: "a", count: 90))) }
            #expect(await eventually { proposer.held.count == 1 })
            await #expect(throws: ProposalError.overloaded) {
                try await store.update { try $0.create(task("b")) }
            }
            proposer.commit()
            try await first
            await #expect(throws: ProposalError.self) {
                try await store.update { for number in 0..<201 { try $0.create(task("t\(number)")) } }
            }
            #expect(proposer.held.isEmpty)
        }
    }

    @Test func `edits are committed in parts that do not wait for each other`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            let edits = (0..<450).map { StoreEdit.create(.task(task("t\($0)"))) }
            async let dropped = store.updateInBatches(edits + [.remove(.task, id: "gone")])
            let parts = 450 / StoreLimits().batchedChanges
            try #require(await eventually { proposer.held.count == parts })
            proposer.commit()
            let count = try await dropped
            #expect(count == 1)
            #expect(await store.committed.state.tasks.count == 450)
        }
    }

    @Test func `edits beyond the bytes in flight wait for their predecessors`() async throws {
        var limits = StoreLimits()
        limits.bytesInFlight = 4000
        try await withStore(limits: limits) { store, proposer in
            await becomeLeader(store, proposer)
            let edits = (0..<1000).map { StoreEdit.create(.task(task("task-number-\($0)"))) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await store.updateInBatches(edits) }
                #expect(
                    await eventually {
                        proposer.commit()
                        return await store.committed.state.tasks.count == 1000
                    }
                )
                try await group.waitForAll()
            }
        }
    }

    @Test func `a snapshot of a large state waits until as much has changed`() async throws {
        var limits = StoreLimits()
        limits.snapshotInterval = 10
        try await withStore(limits: limits) { store, proposer in
            await becomeLeader(store, proposer)
            for number in 0..<45 {
                async let done: Void = store.update { try $0.create(task("t\(number)")) }
                #expect(await eventually { proposer.commit() == 1 })
                try await done
            }
            #expect(await eventually { proposer.snapshots.count >= 3 })
            // The state doubles between two of them.
            let indices = proposer.snapshots.keys.sorted()
            #expect(indices.count == 3)
            #expect(zip(indices, indices.dropFirst()).allSatisfy { $1 >= $0 * 2 - 4 })
        }
    }

    @Test func `a snapshot is asked for after each interval and restores the state`() async throws {
        var limits = StoreLimits()
        limits.snapshotInterval = 10
        try await withStore(limits: limits) { store, proposer in
            await becomeLeader(store, proposer)
            for _ in 0..<25 {
                async let done: Void = store.update { transaction in
                    guard let old = transaction.state.tasks["t"] else {
                        return try transaction.create(task("t"))
                    }
                    try transaction.update(old)
                }
                #expect(await eventually { proposer.commit() == 1 })
                try await done
            }
            #expect(await eventually { proposer.snapshots.count >= 2 })
            let (index, bytes) = try #require(proposer.snapshots.max { $0.key < $1.key })
            #expect(index >= 20)
            let other = HeldProposer()
            let restored = ReplicatedStore(proposer: other, now: { Timestamp(seconds: 2) })
            other.send(.restored(snapshot: bytes, index: index))
            other.finish()
            await #expect(throws: ProposalError.closed) { try await restored.run() }
            #expect(await restored.committed.index == index)
            #expect(await restored.committed.state.tasks["t"]?.meta.version.index == index - 1)
        }
    }

    @Test func `the cluster's spec says how often a snapshot is due`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            async let made: Void = store.update { transaction in
                try transaction.create(
                    SwarmCluster.with {
                        $0.id = "c"
                        $0.spec.annotations.name = "default"
                        $0.spec.raft.snapshotInterval = 5
                    }
                )
            }
            #expect(await eventually { proposer.commit() == 1 })
            try await made
            for number in 0..<5 {
                async let done: Void = store.update { try $0.create(task("t\(number)")) }
                #expect(await eventually { proposer.commit() == 1 })
                try await done
            }
            #expect(await eventually { !proposer.snapshots.isEmpty })
        }
    }

    @Test func `an entry that cannot be understood stops the store`() async throws {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        proposer.send(.committed([CommittedEntry(index: 1, data: [0xff])]))
        await #expect(throws: EntryError.malformed(field: "InternalRaftRequest")) { try await store.run() }
        await #expect(throws: ProposalError.closed) { try await store.update { _ in } }
    }

    @Test func `the end of the log fails what waits`() async throws {
        let proposer = HeldProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Timestamp(seconds: 1) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await #expect(throws: ProposalError.closed) { try await store.run() } }
            await becomeLeader(store, proposer)
            async let done: Void = store.update { try $0.create(task("a")) }
            #expect(await eventually { proposer.held.count == 1 })
            proposer.finish()
            do {
                try await done
                Issue.record("it returned")
            } catch { #expect(error as? ProposalError == ProposalError.closed) }
            try await group.waitForAll()
        }
    }
}

struct NewestStateTests {
    @Test func `whoever was told of a commit finds it in the newest state`() async throws {
        try await withStore { store, proposer in
            await becomeLeader(store, proposer)
            for name in ["a", "b", "c"] {
                async let done: Void = store.update { try $0.create(task(name)) }
                #expect(await eventually { proposer.held.count == 1 })
                #expect(store.newest.state.tasks[name] == nil)
                proposer.commit()
                try await done
                #expect(store.newest.state.tasks[name] != nil)
            }
        }
    }
}
