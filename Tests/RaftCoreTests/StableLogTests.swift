import RaftCore
import Testing

@Suite struct StableLogTests {
    private func log(_ range: ClosedRange<UInt64>, base: UInt64 = 0) -> StableLog {
        let snapshot = Snapshot(index: base, term: base == 0 ? 0 : 1)
        return StableLog(snapshot: snapshot, entries: range.map { Entry(term: 1, index: $0) })
    }

    @Test func `an empty log begins at one and knows the term before it`() {
        let log = StableLog()
        #expect(log.firstIndex == 1)
        #expect(log.lastIndex == 0)
        #expect(log.term(at: 0) == 0)
        #expect(log.term(at: 1) == nil)
    }

    @Test func `entries are appended, and what contradicts them is cut off`() {
        var log = self.log(1...5)
        log.append([Entry(term: 2, index: 4)])
        #expect(log.terms == [1, 1, 1, 2])
        log.append([Entry(term: 2, index: 5), Entry(term: 2, index: 6)])
        #expect(log.lastIndex == 6)
        log.append([])
        #expect(log.lastIndex == 6)
    }

    @Test func `what is compacted is skipped when it is appended again`() {
        var log = self.log(4...6, base: 3)
        log.append((2...3).map { Entry(term: 1, index: $0) })
        #expect(log.lastIndex == 6)
        log.append((2...5).map { Entry(term: 1, index: $0) })
        #expect(log.firstIndex == 4)
        #expect(log.lastIndex == 5)
    }

    @Test func `compaction keeps the term of the last entry that it drops`() {
        var log = self.log(1...1000)
        log.record(Snapshot(index: 900, term: 1))
        for index in [1, 100, 500, 899, 900, 5] as [UInt64] { log.compact(through: index) }
        #expect(log.firstIndex == 901)
        #expect(log.count == 100)
        #expect(log.term(at: 900) == 1)
        #expect(log.term(at: 899) == nil)
        #expect(log.entries(from: 901, to: 1001).map(\.index) == Array(901...1000))
        log.append([Entry(term: 2, index: 1001)])
        #expect(log.term(at: 1001) == 2)
    }

    @Test func `a log is equal to itself whatever was compacted when`() {
        var one = self.log(1...600)
        var other = one
        one.record(Snapshot(index: 600, term: 1))
        other.record(Snapshot(index: 600, term: 1))
        one.compact(through: 590)
        for index in 1...590 as ClosedRange<UInt64> { other.compact(through: index) }
        #expect(one.entries(from: 591, to: 601) == other.entries(from: 591, to: 601))
        #expect(one.base == other.base)
    }

    @Test func `only as many entries are read as fit, but at least one`() {
        let entries = (1...3).map { Entry(term: 1, index: $0, payload: .normal([1, 2, 3])) }
        let log = StableLog(entries: entries)
        let size = UInt64(entries[0].encodedSize)
        for (limit, count) in [(0, 1), (size, 1), (2 * size - 1, 1), (2 * size, 2), (.max, 3)] {
            #expect(log.entries(from: 1, to: 4, limit: limit).count == count)
        }
    }

    @Test func `a leader's snapshot replaces everything, an older one nothing`() {
        var log = self.log(1...5)
        log.restore(Snapshot(index: 9, term: 3))
        #expect(log.firstIndex == 10)
        #expect(log.count == 0)
        #expect(log.term(at: 9) == 3)
        log.restore(Snapshot(index: 8, term: 3))
        #expect(log.lastIndex == 9)
    }

    @Test func `a copy is a value of its own`() {
        var log = self.log(1...3)
        let copy = log
        log.append([Entry(term: 2, index: 2)])
        #expect(copy.terms == [1, 1, 1])
        #expect(log.terms == [1, 2])
    }

    @Test func `the size of an entry is that of etcd's message`() {
        // Counted by hand from the wire form.
        #expect(Entry(term: 1, index: 1).encodedSize == 6)
        #expect(Entry(term: 128, index: 1).encodedSize == 7)
        #expect(Entry(term: 1, index: 1, payload: .normal([1, 2])).encodedSize == 10)
        let big = [UInt8](repeating: 0, count: 300)
        #expect(Entry(term: 1, index: 1 << 14, payload: .normal(big)).encodedSize == 8 + 3 + 300)
        #expect(Entry(term: .max, index: .max).encodedSize == 2 + 11 + 11)
        #expect(Entry.Payload.configuration(ConfigurationChange()).size == 0)
        let added = ConfigurationChange(v1: .addVoter, 1, id: 300, context: [1, 2, 3])
        #expect(Entry.Payload.configuration(added).size == 3 + 2 + 2 + 5)
        let joint = ConfigurationChange([.init(.addVoter, 1), .init(.remove, 200)])
        #expect(Entry.Payload.configuration(joint).size == 2 + 6 + 7)
    }
}
