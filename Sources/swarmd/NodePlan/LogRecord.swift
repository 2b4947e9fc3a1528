package import Primitives

/// One line of a task's output as it is kept: `TIME STREAM F|P TEXT`.
///
/// The form is the Container Runtime Interface's, which log collectors read:
/// `2026-11-23T09:30:00.123456789Z stdout F hello`. P marks a piece without its line's end.
package struct LogRecord: Sendable, Equatable {
    /// Which of the task's outputs the bytes came from.
    package enum Source: String, Sendable {
        case stdout, stderr
    }

    /// The longest text of one record; a longer line becomes several.
    package static let textLimit = 16 << 10

    package var source: Source
    package var at: Timestamp
    /// Whether the line's end is still to come.
    package var isPartial: Bool
    /// Without the line's end.
    package var text: [UInt8]

    package init(source: Source, at: Timestamp, isPartial: Bool, text: [UInt8]) {
        self.source = source
        self.at = at
        self.isPartial = isPartial
        self.text = text
    }

    /// The record's line, with its end.
    package func encoded() -> [UInt8] { Self.encoded([self]) }

    /// The lines of several records; those of one moment share the making of its text.
    package static func encoded(_ records: [LogRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        var moment: (at: Timestamp, text: String)?
        for record in records {
            let time = moment?.at == record.at ? moment?.text ?? "" : CalendarText.text(record.at)
            moment = (record.at, time)
            bytes += time.utf8
            bytes += record.source == .stdout ? " stdout ".utf8 : " stderr ".utf8
            bytes += record.isPartial ? [0x50, 0x20] : [0x46, 0x20]
            bytes += record.text
            bytes.append(0x0a)
        }
        return bytes
    }

    /// Reads a line, given without its end; nil where it is no record.
    package init?(decoding line: ArraySlice<UInt8>) {
        let parts = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let at = CalendarText.moment(String(decoding: parts[0], as: UTF8.self)),
            let source = Source(rawValue: String(decoding: parts[1], as: UTF8.self)),
            parts[2].elementsEqual([0x46]) || parts[2].elementsEqual([0x50])
        else { return nil }
        self.init(source: source, at: at, isPartial: parts[2].elementsEqual([0x50]), text: Array(parts[3]))
    }
}
