import Primitives
import ReplicatedStore
@testable import Replication
import SwarmAPI
import SwiftProtobuf
import Testing

struct DataKeyRotationTests {
    private let scratch: ScratchDirectory
    private let old: DataKey
    private let new: DataKey

    init() throws {
        self.scratch = try ScratchDirectory()
        self.old = try #require(DataKey(bytes: [UInt8](repeating: 1, count: 32)))
        self.new = try #require(DataKey(bytes: [UInt8](repeating: 2, count: 32)))
    }

    private func storage(_ keys: DataKeyRing) throws(LogError) -> LogStorage {
        try LogStorage(directory: self.scratch.raft, keys: keys, limits: .small)
    }

    private func entries(_ range: ClosedRange<UInt64>, term: UInt64 = 1) -> [LogRecord] {
        range.map { .entry(LogEntry(term: term, index: $0, data: [UInt8](repeating: 7, count: 500))) }
    }

    private func snapshot(_ index: UInt64) -> StoredSnapshot {
        StoredSnapshot(term: 1, index: index, bytes: [UInt8](repeating: 9, count: 5_000))
    }

    @Test func `a log under two keys is opened by a ring that has both`() throws {
        let ring = DataKeyRing(self.old)
        var storage = try self.storage(ring)
        try storage.log.append(self.entries(1...60))
        ring.begin(self.new)
        try storage.log.rekey()
        try storage.log.append(self.entries(61...90))
        storage.unlock()

        for key in [self.old, self.new] {
            #expect {
                var storage = try self.storage(DataKeyRing(key))
                storage.unlock()
            } throws: {
                if case .wrongKey? = $0 as? LogError { true } else { false }
            }
        }
        var again = try self.storage(DataKeyRing(self.new, older: [self.old]))
        #expect(again.contents.lastIndex == 90)
        #expect(try again.hasOlderKeys())
        again.unlock()
    }

    @Test func `a snapshot that covers what was written before ends a rotation`() throws {
        let ring = DataKeyRing(self.old)
        var storage = try self.storage(ring)
        try storage.log.append(self.entries(1...60))
        try storage.snapshots.store(self.snapshot(20))
        ring.begin(self.new)
        try storage.log.rekey()
        try storage.log.append(self.entries(61...90))
        // This one does not reach the entries under the old key.
        try storage.snapshots.store(self.snapshot(50))
        try storage.log.removeOlderKeys(through: 50)
        #expect(try storage.hasOlderKeys())
        try storage.snapshots.store(self.snapshot(60))
        try storage.log.removeOlderKeys(through: 60)
        #expect(try !storage.hasOlderKeys())
        storage.unlock()

        var again = try self.storage(DataKeyRing(self.new))
        #expect(again.snapshot == self.snapshot(60))
        #expect(again.contents.entries.map(\.index) == Array(61...90))
        again.unlock()
    }

    @Test func `a log that a new leader cut is no obstacle`() throws {
        let ring = DataKeyRing(self.old)
        var storage = try self.storage(ring)
        try storage.log.append(self.entries(1...60))
        ring.begin(self.new)
        try storage.log.rekey()
        // Entries 56 to 60 were not committed; the new leader has others, and fewer.
        try storage.log.append(self.entries(56...57, term: 2))
        try storage.snapshots.store(self.snapshot(57))
        try storage.log.removeOlderKeys(through: 57)
        #expect(try !storage.hasOlderKeys())
        storage.unlock()
        var again = try self.storage(DataKeyRing(self.new))
        #expect(again.contents.lastIndex == 57)
        again.unlock()
    }

    @Test func `a snapshot at the same entry is written anew`() throws {
        let ring = DataKeyRing(self.old)
        var storage = try self.storage(ring)
        try storage.log.append(self.entries(1...60))
        try storage.snapshots.store(self.snapshot(60))
        ring.begin(self.new)
        #expect(try storage.hasOlderKeys())
        try storage.snapshots.store(self.snapshot(60))
        try storage.log.removeOlderKeys(through: 60)
        #expect(try !storage.hasOlderKeys())
        storage.unlock()
    }

    @Test func `a manager's key is changed while it works`() async throws {
        let ring = DataKeyRing(self.old)
        let proposer = try GroupProposer(
            storage: self.storage(ring),
            origin: .found(.with { $0.raftID = 7 }),
            seed: 1,
            now: { .init(seconds: 1) }
        )
        while !proposer.isLeader { await Task.yield() }
        var last: UInt64 = 0
        for byte in 0..<80 as Range<UInt8> { last = try proposer.put([UInt8](repeating: byte, count: 400)) }
        try await proposer.settled(last)
        try await proposer.rekey(to: self.new)
        #expect(try await !proposer.forgetOlderKeys())
        last = try proposer.put([1])
        try await proposer.settled(last)
        try await proposer.compact(upTo: last, snapshot: CollectionOfOne([UInt8](repeating: 5, count: 100)))
        #expect(try await proposer.forgetOlderKeys())
        last = try proposer.put([2, 3])
        try await proposer.settled(last)
        await proposer.close()

        var again = try self.storage(DataKeyRing(self.new))
        #expect(again.contents.entries.last?.data == [2, 3])
        #expect(again.snapshot?.bytes == [UInt8](repeating: 5, count: 100))
        again.unlock()
    }
}

extension GroupProposer {
    /// Returns when the entry at `index` is committed.
    fileprivate func settled(_ index: UInt64) async throws {
        while try await self.readIndex() < index { await Task.yield() }
    }
}
