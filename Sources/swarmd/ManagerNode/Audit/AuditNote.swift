import Foundation
import Glibc
import SwarmAPI
import SwiftProtobuf

/// What the daemon writes of the records themselves, as one of them, so that it is bound to them like any other.
///
/// No call has such a name, so that nobody else can leave one.
enum AuditNote {
    /// What was found at the end of the records when they were opened.
    static let recovery = "Audit.Recover"
    /// Old records were removed.
    static let expiry = "Audit.Expire"
    /// The result of a recovery from what no crash does.
    private static let loss = "DATA_LOSS"

    /// The last record, which a crash tore, was cut off `file`, with all from `offset` on.
    static func torn(_ file: String, at offset: Int, bytes: Int) -> SwarmdAuditRecord {
        Self.note(
            Self.recovery,
            about: "\(file), byte \(offset)",
            "OK",
            "cut off a record that was torn when the machine or the daemon stopped: \(bytes) bytes"
        )
    }

    /// `file` is not what was written, from `offset` on; the numbers up to `last` may have been given there.
    static func damaged(_ file: String, at offset: Int, last: UInt64) -> SwarmdAuditRecord {
        Self.note(
            Self.recovery,
            about: "\(file), byte \(offset)",
            Self.loss,
            "the file was altered or damaged there: it is kept, and no number up to \(last) is given again"
        )
    }

    /// The records before `first` were removed, as the oldest are in time; `hash` is that of the newest of them.
    static func expired(before first: UInt64, _ hash: Data) -> SwarmdAuditRecord {
        let digits = hash.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return Self.note(
            Self.expiry,
            about: "records before \(first)",
            "OK",
            "the newest of them has the hash \(digits.joined())"
        )
    }

    private static func note(
        _ method: String,
        about object: String,
        _ result: String,
        _ message: String
    ) -> SwarmdAuditRecord {
        .with {
            $0.byDaemon = true
            ($0.uid, $0.gid, $0.pid) = (getuid(), getgid(), UInt32(getpid()))
            ($0.method, $0.object, $0.result, $0.message) = (method, object, result, message)
        }
    }

    /// Whether `record` tells that the one before it was torn and cut off.
    static func tellsOfTear(_ record: SwarmdAuditRecord) -> Bool {
        record.byDaemon && record.method == Self.recovery && record.result == "OK"
    }

    /// Whether `record` tells that records before it were altered.
    static func tellsOfDamage(_ record: SwarmdAuditRecord) -> Bool {
        record.byDaemon && record.method == Self.recovery && record.result == Self.loss
    }

    /// Whether `record` tells why those before `first` are missing, the newest of which has the hash `previous`.
    static func explains(_ record: SwarmdAuditRecord, start first: UInt64, _ previous: Data) -> Bool {
        guard record.byDaemon, record.method == Self.expiry else { return false }
        let expected = Self.expired(before: first, previous)
        return record.object == expected.object && record.message == expected.message
    }
}
