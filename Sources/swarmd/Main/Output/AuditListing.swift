import Primitives
import SwarmAPI
import SwiftProtobuf

/// Prints the record of changes, a line for each change: its two records become one when the second one comes.
struct AuditListing: Sendable {
    /// How many changes may be under way before the oldest is printed as it is.
    static let open = 1_000

    /// A change whose line is still to be printed.
    private struct Change {
        let first: SwarmdAuditRecord
        var end: SwarmdAuditRecord?

        var line: String { AuditListing.line(self.first, self.end) }
    }

    /// Whether lines wait for those of changes that were begun before.
    private let isInOrder: Bool
    private var changes: [Change] = []

    /// The heading of the lines; times are UTC.
    static let heading = Self.line("RECORD", "TIME", "USER", "PROCESS", "METHOD", "OBJECT", "RESULT")

    /// Prints lines in the order of the first records, or else as the changes end.
    init(inOrder: Bool = true) { self.isInOrder = inOrder }

    /// The lines to print now that `record` was read.
    mutating func take(_ record: SwarmdAuditRecord) -> [String] {
        if let place = self.changes.firstIndex(where: { $0.end == nil && $0.first.sequence == record.begun })
        {
            self.changes[place].end = record
        } else {
            // One that tells its result itself, or whose beginning was not read, is over.
            self.changes.append(Change(first: record, end: record.result.isEmpty ? nil : record))
        }
        guard self.isInOrder else { return self.takeEnded() }
        var lines: [String] = []
        while let oldest = self.changes.first, oldest.end != nil || self.changes.count > Self.open {
            lines.append(oldest.line)
            self.changes.removeFirst()
        }
        return lines
    }

    private mutating func takeEnded() -> [String] {
        let place = self.changes.firstIndex { $0.end != nil } ?? (self.changes.count > Self.open ? 0 : nil)
        return place.map { [self.changes.remove(at: $0).line] } ?? []
    }

    /// The lines of changes whose end is in no record, and of those that wait for them.
    mutating func finish() -> [String] {
        defer { self.changes = [] }
        return self.changes.map(\.line)
    }

    private static func line(_ first: SwarmdAuditRecord, _ end: SwarmdAuditRecord?) -> String {
        var result = end?.result ?? "unknown"
        if let message = end?.message, !message.isEmpty { result += " (\(message))" }
        let version = first.version > 0 ? " at version \(first.version)" : ""
        let isOfNode = !first.byDaemon && first.pid == 0 && !first.nodeID.isEmpty
        return Self.line(
            "\(first.sequence)",
            TimeText.rfc3339(Timestamp(nanoseconds: Timestamp(first.at).nanoseconds / 1_000_000 * 1_000_000)),
            first.byDaemon ? "daemon" : isOfNode ? "node" : "\(first.uid)",
            isOfNode ? String(first.nodeID.prefix(12)) : "\(first.pid)",
            first.method,
            first.object + version,
            result
        )
    }

    private static func line(
        _ record: String,
        _ time: String,
        _ user: String,
        _ process: String,
        _ method: String,
        _ object: String,
        _ result: String
    ) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        let place = padded(record, 9) + padded(time, 26) + padded(user, 8) + padded(process, 14)
        return TextTable.plain(place + padded(method, 28) + padded(object, 34) + result)
    }

    /// A record as one line of JSON.
    static func json(_ record: SwarmdAuditRecord) -> String {
        JSON.fields(
            ("Sequence", .integer(Int64(clamping: record.sequence))),
            ("Begun", record.begun > 0 ? .integer(Int64(clamping: record.begun)) : nil),
            ("At", .string(TimeText.rfc3339(Timestamp(record.at)))),
            ("UID", .integer(Int64(record.uid))),
            ("GID", .integer(Int64(record.gid))),
            ("PID", .integer(Int64(record.pid))),
            ("ByDaemon", record.byDaemon ? .bool(true) : nil),
            ("NodeID", record.nodeID.isEmpty ? nil : .string(record.nodeID)),
            ("Method", .string(record.method)),
            ("Object", .string(record.object)),
            ("Version", record.version > 0 ? .integer(Int64(clamping: record.version)) : nil),
            ("Result", record.result.isEmpty ? nil : .string(record.result)),
            ("Message", record.message.isEmpty ? nil : .string(record.message)),
            ("Previous", .string(Self.hex(record.previous))),
            ("Hash", .string(Self.hex(record.hash)))
        ).line
    }

    /// The bytes of a hash as operators compare them.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
