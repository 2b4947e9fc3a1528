import Replication
import SwarmAPI
import SwiftProtobuf
import Testing

struct SegmentedLogTests {
    private let scratch: ScratchDirectory
    private let key: DataKey

    init() throws {
        self.scratch = try ScratchDirectory()
        try PosixFileSystem().createDirectory(self.scratch.raft)
        self.key = try #require(testKey)
    }

    private func open() throws -> (log: SegmentedLog, contents: LogContents) {
        try SegmentedLog.open(
            directory: self.scratch.raft + "/log",
            keys: DataKeyRing(self.key),
            fileSystem: PosixFileSystem(),
            limits: .small
        )
    }

    private func entries(_ indexes: ClosedRange<UInt64>, term: UInt64 = 1, size: Int = 40) -> [LogEntry] {
        indexes.map { index in
            let data = (0..<size).map { UInt8(truncatingIfNeeded: Int(index) + $0) }
            return LogEntry(term: term, index: index, data: data)
        }
    }

    /// Writes each batch, and returns where in the only file the last one begins and ends.
    private func record(_ batches: [[LogRecord]]) throws -> (before: Int, after: Int) {
        var log = try self.open().log
        var ends = [0, 0]
        for batch in batches {
            ends = [ends[1], 0]
            try log.append(batch)
            let bytes = try readFile(self.scratch.segments[0])
            ends[1] = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
        }
        return ((ends[0] + 7) / 8 * 8, (ends[1] + 7) / 8 * 8)
    }

    @Test func `what was appended is read again, through many segments`() throws {
        var log = try self.open().log
        let all = self.entries(1...2000, size: 100)
        for start in stride(from: 0, to: all.count, by: 37) {
            try log.append(all[start..<min(start + 37, all.count)].map(LogRecord.entry))
        }
        let state = RaftHardState.with {
            $0.term = 3
            $0.vote = 7
            $0.commit = 2000
        }
        try log.append([.hardState(state), .mark])
        #expect(self.scratch.segments.count > 10)
        let (_, contents) = try self.open()
        #expect(contents.entries == all)
        #expect(contents.hardState == state)
    }

    @Test func `a log that is opened again is written on where it ended`() throws {
        for round in 0..<5 as Range<UInt64> {
            var (log, contents) = try self.open()
            #expect(contents.lastIndex == round * 10)
            try log.append(self.entries(round * 10 + 1...round * 10 + 10).map(LogRecord.entry))
        }
        #expect(try self.open().contents.entries == self.entries(1...50))
    }

    @Test func `the types of entries survive`() throws {
        var log = try self.open().log
        let entries = [
            LogEntry(term: 1, index: 1, type: .entryConfChange, data: [1, 2]),
            LogEntry(term: 2, index: 2),
            LogEntry(term: 2, index: 3, type: .entryConfChangeV2, data: [3]),
        ]
        try log.append(entries.map(LogRecord.entry))
        #expect(try self.open().contents.entries == entries)
    }

    @Test func `a later entry replaces those at its index and behind`() throws {
        var log = try self.open().log
        try log.append(self.entries(1...10).map(LogRecord.entry))
        let newer = self.entries(6...7, term: 2)
        try log.append(newer.map(LogRecord.entry))
        #expect(try self.open().contents.entries == self.entries(1...5) + newer)
    }

    @Test func `a write cut at any byte leaves the batches before it`() throws {
        let first = self.entries(1...3)
        let last = self.entries(4...6)
        let (before, after) = try self.record([first.map(LogRecord.entry), last.map(LogRecord.entry)])
        let path = self.scratch.segments[0]
        let whole = try readFile(path)
        for cut in before...after {
            for torn in [
                Array(whole[..<cut]), whole[..<cut] + [UInt8](repeating: 0, count: whole.count - cut),
            ] {
                try writeFile(path, torn)
                let kept = try self.open().contents.entries
                #expect(kept.starts(with: first) && (first + last).starts(with: kept), "cut at \(cut)")
                if cut < after - 8 {
                    #expect(kept.count < 6)
                } else if cut == after {
                    #expect(kept.count == 6)
                }
                // The cut was made good: a second opening finds the same, and the log goes on.
                var (log, again) = try self.open()
                #expect(again.entries == kept)
                let next = UInt64(kept.count) + 1
                try log.append(self.entries(next...next, term: 9).map(LogRecord.entry))
                #expect(try self.open().contents.lastIndex == next)
            }
        }
    }

    @Test func `the sectors of one write may arrive in any order`() throws {
        let first = self.entries(1...2)
        let last = self.entries(3...20, size: 200)
        let (before, after) = try self.record([first.map(LogRecord.entry), last.map(LogRecord.entry)])
        let path = self.scratch.segments[0]
        let whole = try readFile(path)
        for hole in stride(from: before / 512 * 512, to: after, by: 512) {
            var torn = whole
            for byte in max(hole, before)..<min(hole + 512, after) { torn[byte] = 0 }
            try writeFile(path, torn)
            let kept = try self.open().contents.entries
            #expect(kept.starts(with: first) && (first + last).starts(with: kept) && kept.count < 20)
        }
    }

    @Test func `a flipped bit in any byte of an older record is refused`() throws {
        let batches = [self.entries(1...2), self.entries(3...4), self.entries(5...6)]
        let (before, _) = try self.record(batches.map { $0.map(LogRecord.entry) })
        let path = self.scratch.segments[0]
        let whole = try readFile(path)
        for byte in 0..<before {
            var damaged = whole
            damaged[byte] ^= 1 << UInt8(byte % 8)
            try writeFile(path, damaged)
            #expect(throws: LogError.self, "byte \(byte)") { try self.open() }
            #expect(try readFile(path) == damaged, "byte \(byte): the file was changed")
        }
        try writeFile(path, whole)
        #expect(try self.open().contents.lastIndex == 6)
    }

    @Test func `damage names its file and place`() throws {
        let (before, _) = try self.record([[.entry(self.entries(1...1)[0])], [.mark], [.mark]])
        let path = self.scratch.segments[0]
        var bytes = try readFile(path)
        bytes[before - 60] ^= 1
        try writeFile(path, bytes)
        let error = #expect(throws: LogError.self) { try self.open() }
        guard case .corrupt(let where_, let offset, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(where_ == path && offset > 0 && offset < before)
    }

    @Test func `damage at the end of an older segment and a missing segment are refused`() throws {
        var log = try self.open().log
        try log.append(self.entries(1...1000).map(LogRecord.entry))
        let paths = self.scratch.segments
        try #require(paths.count > 3)
        let whole = try readFile(paths[1])
        let end = (whole.lastIndex { $0 != 0 } ?? 0) / 8 * 8
        try writeFile(paths[1], whole[..<(end - 200)] + [UInt8](repeating: 0, count: whole.count - end + 200))
        #expect(throws: LogError.self) { try self.open() }
        try PosixFileSystem().remove(paths[1])
        #expect(throws: LogError.self) { try self.open() }
        try writeFile(paths[1], whole)
        #expect(try self.open().contents.lastIndex == 1000)
    }

    @Test func `a record that is copied to another place is refused`() throws {
        let (before, after) = try self.record([
            [.entry(self.entries(1...1)[0])], [.entry(self.entries(2...2)[0])],
        ])
        let path = self.scratch.segments[0]
        var bytes = try readFile(path)
        bytes.replaceSubrange(after..<after + after - before, with: bytes[before..<after])
        try writeFile(path, bytes)
        #expect(throws: LogError.self) { try self.open() }
    }

    @Test func `another key is refused`() throws {
        _ = try self.record([[.mark]])
        #expect(throws: LogError.wrongKey(path: self.scratch.segments[0])) {
            try SegmentedLog.open(
                directory: self.scratch.raft + "/log",
                keys: DataKeyRing(DataKey()),
                fileSystem: PosixFileSystem()
            )
        }
    }

    @Test func `a later format is refused and left as it is`() throws {
        _ = try self.record([[.mark]])
        let path = self.scratch.segments[0]
        var bytes = try readFile(path)
        bytes[8] = 2
        try writeFile(path, bytes)
        #expect(throws: LogError.newerFormat(path: path, version: 2, supported: 1)) { try self.open() }
        #expect(try readFile(path) == bytes)
    }

    @Test func `no text of an entry is on disk`() throws {
        let secret = Array("the secret of the cluster".utf8)
        _ = try self.record([[.entry(LogEntry(term: 1, index: 1, data: secret))]])
        let bytes = try readFile(self.scratch.segments[0])
        #expect(!bytes.indices.contains { bytes[$0...].starts(with: secret) })
    }

    @Test func `segments before the compaction point go and the newest stays`() throws {
        var log = try self.open().log
        try log.append(self.entries(1...1000).map(LogRecord.entry))
        let count = self.scratch.segments.count
        try log.removeSegments(through: 500)
        #expect(self.scratch.segments.count < count)
        #expect(log.firstIndex <= 501 && log.firstIndex > 300)
        let (_, contents) = try self.open()
        #expect(contents.entries == self.entries(log.firstIndex...1000))
        try log.removeSegments(through: 5000)
        #expect(self.scratch.segments.count == 1)
    }

    @Test func `an entry larger than a segment gets one that is large enough`() throws {
        var log = try self.open().log
        let large = self.entries(1...1, size: 100_000)
        try log.append((large + self.entries(2...3)).map(LogRecord.entry))
        #expect(try self.open().contents.entries == large + self.entries(2...3))
    }

    @Test(arguments: [FaultyFileSystem.Operation.write, .sync, .allocate, .rename, .syncDirectory])
    func `after a failure nothing more is written`(operation: FaultyFileSystem.Operation) throws {
        let fileSystem = FaultyFileSystem()
        var (log, _) = try SegmentedLog.open(
            directory: self.scratch.raft + "/log",
            keys: DataKeyRing(self.key),
            fileSystem: fileSystem,
            limits: .small
        )
        try log.append(self.entries(1...10).map(LogRecord.entry))
        fileSystem.fail(operation)
        // Enough for a new segment, so that each operation is needed.
        let more = self.entries(11...400).map(LogRecord.entry)
        #expect(throws: LogError.io(operation: "\(operation)", path: "injected", code: 5)) {
            try log.append(more)
        }
        fileSystem.fail(nil)
        #expect(throws: LogError.closed) { try log.append([.mark]) }
        #expect(try self.open().contents.entries.starts(with: self.entries(1...10)))
    }
}
