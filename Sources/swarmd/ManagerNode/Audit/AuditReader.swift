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

    /// Reads from the record `next` on, or from the oldest that is kept.
    init(_ files: AuditFiles, _ limits: AuditLimits, from next: UInt64) {
        self.files = files
        self.limits = limits
        self.next = next
    }

    /// The next records, oldest first; none where there are no more for now.
    ///
    /// What is damaged is passed over where records follow in a later file, whose numbers show what is missing; else
    /// it throws `AuditFrames.Fault.damaged`.
    mutating func read() throws -> [SwarmdAuditRecord] {
        var records: [SwarmdAuditRecord] = []
        while records.count < self.limits.readAtOnce {
            let starts = try self.files.starts()
            guard let (first, offset) = self.place ?? self.beginning(starts) else { break }
            let later = starts.first { $0 > first }
            let bytes = try self.files.bytes(of: first, limit: self.limits.wholeFileBytes)
            self.place = (first, offset)
            do {
                if let bytes { try self.read(bytes, into: &records) }
            } catch AuditFrames.Fault.damaged where later != nil {}
            guard records.count < self.limits.readAtOnce, let later else { break }
            self.place = (later, 0)
        }
        return records
    }

    /// Where the record `next` is, or the oldest one.
    private func beginning(_ starts: [UInt64]) -> (first: UInt64, offset: Int)? {
        (starts.last { $0 <= self.next } ?? starts.first).map { ($0, 0) }
    }

    private mutating func read(_ bytes: [UInt8], into records: inout [SwarmdAuditRecord]) throws {
        guard let (first, start) = self.place else { return }
        var offset = start == 0 ? try AuditFrames.header(of: bytes).start : start
        defer { self.place = (first, offset) }
        while records.count < self.limits.readAtOnce,
            let (record, end) = try AuditFrames.record(at: offset, of: bytes)
        {
            offset = end
            if record.sequence >= self.next { records.append(record) }
        }
    }
}
