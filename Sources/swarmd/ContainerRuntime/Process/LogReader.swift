import Execution
import Glibc
import LinuxSystem
import NodePlan
import Primitives
import SwarmAPI

/// Reads a task's output files from the oldest on, line by line.
struct LogReader: Sendable {
    private static let readSize = 64 << 10
    /// Pieces of one line are put together up to this size.
    private static let chunkLimit = 64 << 10

    private let directory: String
    private let sources: Set<LogRecord.Source>
    private let since: Timestamp?
    private var skip = 0
    private var number = 0
    private var offset: off_t = 0
    private var unread: [UInt8] = []
    private var position = 0
    private var pieces: [LogRecord.Source: LogChunk] = [:]

    init(directory: String, _ options: SwarmLogSubscriptionOptions) {
        self.directory = directory
        let asked: [LogRecord.Source] = options.streams.compactMap {
            switch $0 {
            case .stdout: .stdout
            case .stderr: .stderr
            case .unknown, .UNRECOGNIZED: nil
            }
        }
        self.sources = asked.isEmpty ? [.stdout, .stderr] : Set(asked)
        self.since = options.hasSince ? Timestamp(options.since) : nil
        self.skip = self.linesToSkip(tail: options.tail)
    }

    /// SwarmKit's meaning (`api/logbroker.proto`): 0 is all, n skips n lines, -n is the last n - 1 lines.
    private func linesToSkip(tail: Int64) -> Int {
        if tail >= 0 { return Int(tail) }
        var counter = self
        var lines = 0
        while counter.next() != nil { lines += 1 }
        while counter.takePiece() != nil { lines += 1 }
        return max(0, lines - Int(-(tail + 1)))
    }

    /// The next line; nil when all that was written so far is read.
    mutating func next() -> LogChunk? {
        while let record = self.nextRecord() {
            guard self.sources.contains(record.source), self.since.map({ record.at >= $0 }) ?? true else {
                continue
            }
            guard let chunk = self.join(record) else { continue }
            guard self.skip == 0 else {
                self.skip -= 1
                continue
            }
            return chunk
        }
        return nil
    }

    /// What is left of a line that will not be finished; for after the task's end.
    mutating func takePiece() -> LogChunk? {
        for source in [LogRecord.Source.stdout, .stderr] {
            guard let piece = self.pieces.removeValue(forKey: source) else { continue }
            if self.skip == 0 { return piece }
            self.skip -= 1
        }
        return nil
    }

    private mutating func join(_ record: LogRecord) -> LogChunk? {
        let stream: SwarmLogStream = record.source == .stdout ? .stdout : .stderr
        var chunk =
            self.pieces.removeValue(forKey: record.source)
            ?? LogChunk(stream: stream, at: record.at.protobuf, data: [])
        chunk.data += record.text
        if !record.isPartial {
            chunk.data.append(0x0a)
            return chunk
        }
        if chunk.data.count + LogRecord.textLimit < Self.chunkLimit {
            self.pieces[record.source] = chunk
            return nil
        }
        return chunk
    }

    private mutating func nextRecord() -> LogRecord? {
        while true {
            if let end = self.unread[self.position...].firstIndex(of: 0x0a) {
                let line = self.unread[self.position..<end]
                self.position = end + 1
                if let record = LogRecord(decoding: line) { return record }
            } else if !self.readMore() {
                return nil
            }
        }
    }

    /// Reads on, in the next file where this one is at its end.
    ///
    /// Returns false when there is nothing more yet.
    private mutating func readMore() -> Bool {
        // Listed before reading: a later file that is seen here was begun after this one's last byte.
        let numbers = LogFiles.numbers(in: self.directory)
        let bytes = self.readFile()
        if !bytes.isEmpty {
            self.unread = Array(self.unread[self.position...]) + bytes
            self.position = 0
            self.offset += off_t(bytes.count)
            return true
        }
        guard let next = numbers.first(where: { $0 > self.number }) else { return false }
        self.number = next
        self.offset = 0
        self.unread = []
        self.position = 0
        return true
    }

    private func readFile() -> [UInt8] {
        guard self.number > 0,
            let file = try? Descriptor.open(LogFiles.path(in: self.directory, number: self.number), O_RDONLY),
            lseek(file.raw, self.offset, SEEK_SET) == self.offset
        else { return [] }
        return (try? file.read(atMost: Self.readSize)) ?? []
    }
}
