import Dispatch
import Foundation
import ReplicatedStore
import Replication
import SwarmAPI
import SwiftProtobuf
import Testing

struct GroupProposerTests {
    private let scratch: ScratchDirectory

    init() throws { self.scratch = try ScratchDirectory() }

    @Test func `a new group begins with its member and an empty entry of term two`() async throws {
        let proposer = try await GroupProposer.open(self.scratch.raft)
        let index = try proposer.put([1])
        let events = await proposer.closedEvents()
        let first = events.committed.first
        #expect(first?.index == 2 && first?.data.isEmpty == true)
        guard case .membership(let members, index: 1)? = events.first(where: \.isMembership) else {
            Issue.record("\(events)")
            return
        }
        #expect(members.members.map(\.raftID) == [7])
        let leads = events.contains { if case .becameLeader(term: 2, next: 3) = $0 { true } else { false } }
        #expect(leads && index == 3)
        #expect(proposer.status.commitIndex == 3)
    }

    @Test func `what was committed comes back in order after a restart, in the next term`() async throws {
        for round in 0..<4 as Range<UInt64> {
            let proposer = try await GroupProposer.open(self.scratch.raft)
            #expect(proposer.status.term == round + 2)
            for number in 0..<100 { _ = try proposer.put([UInt8(round), UInt8(number)]) }
            let entries = await proposer.closedEvents().entries
            let expected = (0...round).flatMap { round in (0..<100).map { [UInt8(round), UInt8($0)] } }
            #expect(entries.map(\.data) == expected)
            #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.index < $1.index })
        }
    }

    @Test func `ten thousand entries make the way through segments and back`() async throws {
        let data = { (number: Int) in Array("entry \(number)".utf8) }
        do {
            let proposer = try await GroupProposer.open(self.scratch.raft)
            for number in 0..<10_000 { _ = try proposer.put(data(number)) }
            #expect(await proposer.closedEvents().entries.count == 10_000)
        }
        #expect(self.scratch.segments.count > 20)
        let entries = try await GroupProposer.open(self.scratch.raft).closedEvents().entries
        #expect(entries.map(\.data) == (0..<10_000).map(data))
        #expect(entries.map(\.index) == Array(3..<10_003))
    }

    @Test func `proposals that wait share one sync`() async throws {
        let proposer = try await GroupProposer.open(self.scratch.raft, log: LogLimits(), turns: LateTurns())
        let before = proposer.counters
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<64 {
                group.addTask {
                    for number in 0..<10 { _ = try? proposer.put([UInt8(worker), UInt8(number)]) }
                }
            }
        }
        let entries = await proposer.closedEvents().entries
        #expect(entries.count == 640)
        let after = proposer.counters
        #expect(after.syncs - before.syncs < 320)
        #expect(after.records - before.records >= 641)
    }

    @Test func `a compaction and a restart leave the snapshot and what follows`() async throws {
        var limits = GroupLimits()
        limits.keptEntries = 50
        do {
            let proposer = try await GroupProposer.open(self.scratch.raft, group: limits)
            for number in 0..<1000 { _ = try proposer.put([UInt8(truncatingIfNeeded: number), 1]) }
            while proposer.status.commitIndex < 1002 { await Task.yield() }
            let before = self.scratch.segments.count
            try await proposer.compact(upTo: 902, snapshot: [[9], [9, 9]])
            #expect(self.scratch.segments.count < before)
            #expect(proposer.status.snapshotIndex == 902)
            #expect(proposer.status.firstIndex > 500 && proposer.status.firstIndex <= 853)
            await proposer.close()
        }
        let proposer = try await GroupProposer.open(self.scratch.raft, group: limits)
        let events = await proposer.closedEvents()
        guard case .restored(let snapshot, let index) = events[0] else {
            Issue.record("\(events[0])")
            return
        }
        #expect(snapshot == [9, 9, 9] && index == 902)
        #expect(events.entries.map(\.index) == Array(903...1002))
        #expect(proposer.status.snapshotIndex == 902)
    }

    @Test func `a compaction through the end survives restarts`() async throws {
        for round in 0..<3 as Range<UInt64> {
            let proposer = try await GroupProposer.open(self.scratch.raft)
            let index = try proposer.put([1])
            while proposer.status.commitIndex < index { await Task.yield() }
            try await proposer.compact(upTo: index, snapshot: [[UInt8(round)]])
            await proposer.close()
            let events = try await GroupProposer.open(self.scratch.raft).closedEvents()
            guard case .restored(let snapshot, index) = events[0] else {
                Issue.record("\(events[0])")
                return
            }
            #expect(snapshot == [UInt8(round)] && events.entries.isEmpty)
        }
    }

    @Test func `a sync that fails closes the log for good`() async throws {
        let fileSystem = FaultyFileSystem()
        let proposer = try await GroupProposer.open(self.scratch.raft, fileSystem: fileSystem)
        fileSystem.fail(.sync)
        _ = try proposer.put([1])
        await #expect(throws: LogError.io(operation: "sync", path: "injected", code: 5)) {
            try await proposer.run()
        }
        fileSystem.fail(nil)
        #expect(throws: ProposalError.closed) { try proposer.put([2]) }
        var events: [LogEvent] = []
        for await event in proposer.events { events.append(event) }
        #expect(events.entries.isEmpty)
    }

    @Test func `run closes the log when it is cancelled`() async throws {
        let proposer = try await GroupProposer.open(self.scratch.raft)
        _ = try proposer.put([1])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await #expect(throws: Never.self) { try await proposer.run() } }
            group.cancelAll()
        }
        #expect(throws: ProposalError.closed) { try proposer.put([2]) }
        #expect(await proposer.closedEvents().entries.map(\.data) == [[1]])
    }

    @Test func `too much and too large is refused`() async throws {
        var limits = GroupLimits()
        limits.entryBytes = 100
        limits.bytesInFlight = 150
        let proposer = try await GroupProposer.open(self.scratch.raft, group: limits)
        #expect(throws: ProposalError.tooLarge(bytes: 101)) {
            try proposer.put(Array(repeating: 0, count: 101))
        }
        _ = try proposer.put(Array(repeating: 1, count: 100))
        // Nobody reads the events, so what was committed still counts.
        while proposer.status.commitIndex < 3 { await Task.yield() }
        #expect(throws: ProposalError.overloaded) { try proposer.put(Array(repeating: 2, count: 100)) }
        #expect(await proposer.closedEvents().entries.count == 1)
    }

    @Test func `a second process is kept out`() async throws {
        let proposer = try await GroupProposer.open(self.scratch.raft)
        await #expect(throws: LogError.inUse(path: self.scratch.raft + "/lock")) {
            try await GroupProposer.open(self.scratch.raft)
        }
        await proposer.close()
    }

    @Test func `a log without its key is refused`() async throws {
        try await GroupProposer.open(self.scratch.raft).close()
        let path = self.scratch.raft + "/data.key"
        try FileManager.default.removeItem(atPath: path)
        await #expect(throws: LogError.missingKey(path: path)) {
            try await GroupProposer.open(self.scratch.raft)
        }
    }

    @Test func `a log whose beginning is gone is refused`() async throws {
        let proposer = try await GroupProposer.open(self.scratch.raft)
        for _ in 0..<1000 { _ = try proposer.put([1]) }
        await proposer.close()
        try FileManager.default.removeItem(atPath: self.scratch.segments[0])
        #expect(throws: LogError.self) { try LogStorage(directory: self.scratch.raft) }
    }
}

/// Does on a queue what is for afterwards.
private struct LateTurns: Turns {
    private let queue = DispatchQueue(label: "test.afterwards")

    func afterwards(_ work: @escaping @Sendable () -> Void) { self.queue.async(execute: work) }

    func after(_ pause: Duration, _ work: @escaping @Sendable () -> Void) {
        self.queue.asyncAfter(deadline: .now() + pause / .seconds(1), execute: work)
    }
}
