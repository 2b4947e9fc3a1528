package import Primitives

/// Cuts a stream of bytes into records at line ends.
package struct LineFramer: Sendable {
    private let source: LogRecord.Source
    private var pending: [UInt8] = []

    package init(source: LogRecord.Source) { self.source = source }

    /// Takes in what was read at `now`, and returns the records that are complete.
    package mutating func append(_ bytes: [UInt8], now: Timestamp) -> [LogRecord] {
        var records: [LogRecord] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0a) {
            self.pending += rest[..<end]
            rest = rest[(end + 1)...]
            records += self.cut(now: now)
            records.append(self.record(self.pending, isPartial: false, now))
            self.pending = []
        }
        self.pending += rest
        return records + self.cut(now: now)
    }

    /// What is left when the stream ended: a last line without its end.
    package mutating func finish(now: Timestamp) -> LogRecord? {
        defer { self.pending = [] }
        return self.pending.isEmpty ? nil : self.record(self.pending, isPartial: true, now)
    }

    /// Takes pieces of the limit's length from the front of a line that is longer.
    private mutating func cut(now: Timestamp) -> [LogRecord] {
        var records: [LogRecord] = []
        while self.pending.count > LogRecord.textLimit {
            records.append(self.record(Array(self.pending.prefix(LogRecord.textLimit)), isPartial: true, now))
            self.pending.removeFirst(LogRecord.textLimit)
        }
        return records
    }

    private func record(_ text: [UInt8], isPartial: Bool, _ now: Timestamp) -> LogRecord {
        LogRecord(source: self.source, at: now, isPartial: isPartial, text: text)
    }
}
