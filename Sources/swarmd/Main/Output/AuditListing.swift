import Primitives
import SwarmAPI
import SwiftProtobuf

/// Prints the record of changes, a line for each change: its two records become one when the second one comes.
struct AuditListing: Sendable {
    /// How many changes may be under way before the oldest is printed as it is.
    static let open = 1_000

    private var begun: [SwarmdAuditRecord] = []

    /// The heading of the lines; times are UTC.
    static let heading = Self.line("RECORD", "TIME", "USER", "PROCESS", "METHOD", "OBJECT", "RESULT")

    /// The lines to print now that `record` was read.
    mutating func take(_ record: SwarmdAuditRecord) -> [String] {
        guard record.begun > 0 else {
            self.begun.append(record)
            return self.begun.count > Self.open ? [Self.line(self.begun.removeFirst(), nil)] : []
        }
        let place = self.begun.firstIndex { $0.sequence == record.begun }
        let first = place.map { self.begun.remove(at: $0) }
        return [Self.line(first ?? record, record)]
    }

    /// The lines of changes whose end is in no record.
    mutating func finish() -> [String] {
        defer { self.begun = [] }
        return self.begun.map { Self.line($0, nil) }
    }

    private static func line(_ first: SwarmdAuditRecord, _ end: SwarmdAuditRecord?) -> String {
        var result = end?.result ?? "unknown"
        if let message = end?.message, !message.isEmpty { result += " (\(message))" }
        let version = first.version > 0 ? " at version \(first.version)" : ""
        let isOfNode = first.pid == 0 && !first.nodeID.isEmpty
        return Self.line(
            "\(first.sequence)",
            TimeText.rfc3339(Timestamp(nanoseconds: Timestamp(first.at).nanoseconds / 1_000_000 * 1_000_000)),
            isOfNode ? "node" : "\(first.uid)",
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
