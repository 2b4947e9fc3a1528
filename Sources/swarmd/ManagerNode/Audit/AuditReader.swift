import LinuxSystem
import SwarmAPI

/// Reads records from a number on, file by file, also while more are written.
struct AuditReader: Sendable {
    private let files: AuditFiles
    private let limits: AuditLimits
    /// The next record to give.
    private var next: UInt64
    /// The file that is read, and where in it.
    private var place: (first: UInt64, offset: Int)?
    /// What was passed over.
    private(set) var damages: [AuditDamage] = []

    /// Reads from the record `next` on, or from the oldest that is kept.
    init(_ files: AuditFiles, _ limits: AuditLimits, from next: UInt64) {
        self.files = files
        self.limits = limits
        self.next = next
    }

    /// The next records, oldest first; none where there are no more for now.
    ///
    /// What is damaged is passed over where records follow in a later file, and is in `damages` then; else it throws
    /// `AuditDamage`, once it has given what comes before.
    mutating func read() throws -> [SwarmdAuditRecord] {
        var records: [SwarmdAuditRecord] = []
        while records.count < self.limits.readAtOnce {
            let starts = try self.files.starts()
            guard let (first, offset) = self.place ?? self.beginning(starts) else { break }
            let later = starts.first { $0 > first }
            let bytes = try self.files.bytes(of: first, limit: self.limits.wholeFileBytes)
            self.place = (first, offset)
            if let bytes {
                do throws(AuditDamage) {
                    try self.read(bytes, isLast: later == nil, into: &records)
                } catch {
                    if later == nil, records.isEmpty { throw error }
                    if later != nil { self.damages.append(error) }
                }
            }
            guard records.count < self.limits.readAtOnce, let later else { break }
            self.place = (later, 0)
        }
        return records
    }

    /// Where the record `next` is, or the oldest one.
    private func beginning(_ starts: [UInt64]) -> (first: UInt64, offset: Int)? {
        (starts.last { $0 <= self.next } ?? starts.first).map { ($0, 0) }
    }

    private mutating func read(
        _ bytes: [UInt8],
        isLast: Bool,
        into records: inout [SwarmdAuditRecord]
    ) throws(AuditDamage) {
        guard let (first, start) = self.place else { return }
        var offset = start
        defer { self.place = (first, offset) }
        do throws(AuditFrames.Fault) {
            if start == 0 { offset = try AuditFrames.header(of: bytes).start }
            while records.count < self.limits.readAtOnce {
                guard let (record, end) = try AuditFrames.record(at: offset, of: bytes) else {
                    // Only the file that is written to may end within a record.
                    if !isLast, offset < bytes.count { throw .damaged(offset: offset) }
                    return
                }
                offset = end
                if record.sequence >= self.next { records.append(record) }
            }
        } catch {
            throw AuditDamage(file: self.files.path(of: first), fault: error)
        }
    }
}

/// A file of records that cannot be read, from some place on.
struct AuditDamage: Error, Equatable, CustomStringConvertible {
    let file: String
    let fault: AuditFrames.Fault

    var description: String { "the records of \(self.file) can't be read: \(self.fault)" }
}
