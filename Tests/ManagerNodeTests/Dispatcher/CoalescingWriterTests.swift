import GRPCCore
import Synchronization
import Testing

@testable import ManagerNode

struct CoalescingWriterTests {
    /// What was committed, batch by batch.
    private final class Commits: Sendable {
        let batches = Mutex<[[Int]]>([])

        func add(_ batch: [Int]) { self.batches.withLock { $0.append(batch) } }
    }

    @Test func `many writes share few transactions, and every caller hears`() async throws {
        let commits = Commits()
        let writer = CoalescingWriter<Int>(inFlight: 2) { batch in
            commits.add(batch)
            await Task.yield()
        }
        writer.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            try await withThrowingTaskGroup(of: Void.self) { callers in
                for number in 0..<1_000 { callers.addTask { try await writer.submit([number]) } }
                try await callers.waitForAll()
            }
            group.cancelAll()
        }
        let batches = commits.batches.withLock { $0 }
        #expect(batches.flatMap { $0 }.sorted() == Array(0..<1_000))
        #expect(batches.allSatisfy { $0.count <= DispatcherLimits.changesPerTransaction })
    }

    @Test func `one large write is split, in order`() async throws {
        let commits = Commits()
        let writer = CoalescingWriter<Int>(inFlight: 1) { commits.add($0) }
        writer.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            try await writer.submit(Array(0..<450))
            group.cancelAll()
        }
        #expect(commits.batches.withLock { $0.map(\.count) } == [200, 200, 50])
        #expect(commits.batches.withLock { $0.flatMap { $0 } } == Array(0..<450))
    }

    @Test func `a failure reaches exactly those whose write it was`() async throws {
        struct Odd: Error {}
        let writer = CoalescingWriter<Int>(inFlight: 1) { if $0.contains(1) { throw Odd() } }
        writer.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            await #expect(throws: Odd.self) { try await writer.submit([1]) }
            try await writer.submit([2])
            group.cancelAll()
        }
    }

    @Test func `a writer that is not open, or no longer, refuses`() async throws {
        let writer = CoalescingWriter<Int>(inFlight: 1) { _ in
            try await ContinuousClock().sleep(for: .seconds(60))
        }
        await #expect(throws: RPCError.self) { try await writer.submit([1]) }
        writer.open()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            group.addTask { await #expect(throws: RPCError.self) { try await writer.submit([1]) } }
            group.cancelAll()
        }
        await #expect(throws: RPCError.self) { try await writer.submit([1]) }
    }
}
