import Foundation
import LinuxSystem
import Logging
import Primitives
import SwarmAPI
import SwiftProtobuf

/// Finds the end of the records when they are opened.
///
/// Nothing that was there is lost, but for what a crash left of a last record; a number that may have been given to a
/// record is not given again, and the next record tells what was found.
struct AuditRecovery {
    let files: AuditFiles
    let limits: AuditLimits
    let now: @Sendable () -> Timestamp
    let log: Logger
    /// What was found in files that are newer than the one that is looked at, newest first.
    private var findings: [SwarmdAuditRecord] = []
    /// The greatest number that a record may have had.
    private var greatest: UInt64 = 0

    init(
        _ files: AuditFiles,
        _ limits: AuditLimits,
        now: @escaping @Sendable () -> Timestamp,
        log: Logger
    ) {
        (self.files, self.limits, self.now, self.log) = (files, limits, now, log)
    }

    /// The end of the records, or that of the first file, which is made.
    mutating func tail() throws -> AuditTail {
        for first in try self.files.starts().reversed() {
            guard let bytes = try self.files.bytes(of: first, limit: self.limits.wholeFileBytes) else {
                continue
            }
            do {
                let (header, start) = try AuditFrames.header(of: bytes)
                guard header.first == first else { throw AuditFrames.Fault.header }
                return try self.resume(header, bytes, from: start)
            } catch AuditFrames.Fault.header {
                try self.giveUp(first, bytes)
            }
        }
        return try self.begin(after: 0, AuditChain.beginning)
    }

    /// Leaves a file that has no first line.
    private mutating func giveUp(_ first: UInt64, _ bytes: [UInt8]) throws {
        if AuditFrames.isTornHeader(bytes) {
            // Made when the machine stopped: nothing was ever written to it.
            let path = self.files.path(of: first)
            self.log.error("removed an unfinished file of records", metadata: ["file": "\(path)"])
            return try Files.remove(path)
        }
        // Kept for whoever wants to know what happened.
        let name = try self.files.setAside(first)
        let last = AuditFrames.greatest(after: first &- 1, damagedAt: 0, of: bytes)
        self.note(damagedAt: 0, of: name, last: last)
    }

    private mutating func note(damagedAt offset: Int, of name: String, last: UInt64) {
        self.greatest = max(self.greatest, last)
        self.findings.append(AuditNote.damaged(name, at: offset, last: self.greatest))
        self.log.critical(
            "audit: a file of records was altered or damaged: it is kept, and new ones go to another file",
            metadata: [
                "file": "\(self.files.directory)/\(name)", "offset": "\(offset)", "last": "\(self.greatest)",
            ]
        )
    }

    /// Goes on after the last good record of a file.
    private mutating func resume(
        _ header: AuditFrames.Header,
        _ bytes: [UInt8],
        from start: Int
    ) throws -> AuditTail {
        var offset = start
        var chain = AuditVerification(after: header.first - 1, header.previous)
        do {
            while let (record, next) = try AuditFrames.record(at: offset, of: bytes) {
                try chain.follow(record)
                offset = next
            }
            if AuditFrames.isAltered(offset, of: bytes) { throw AuditFrames.Fault.damaged(offset: offset) }
        } catch AuditFrames.Fault.damaged, is AuditVerification.Break {
            let last = AuditFrames.greatest(after: chain.sequence, damagedAt: offset, of: bytes)
            self.note(damagedAt: offset, of: self.files.name(of: header.first), last: last)
        }
        guard self.findings.isEmpty else { return try self.begin(after: chain.sequence, chain.hash) }
        return try self.reopen(header.first, cutTo: offset, of: bytes.count, after: chain)
    }

    /// Opens a good file for more; what a crash left of a last record is cut off, which the next record tells.
    private func reopen(
        _ first: UInt64,
        cutTo offset: Int,
        of length: Int,
        after chain: AuditVerification
    ) throws -> AuditTail {
        let file = AuditTail.File(try self.files.reopen(first, cutTo: offset))
        guard offset < length else {
            return AuditTail(file: file, length: offset, sequence: chain.sequence, hash: chain.hash)
        }
        self.log.warning(
            "cut a record off that was torn when the machine or the daemon stopped",
            metadata: ["after": "\(chain.sequence)", "bytes": "\(length - offset)"]
        )
        // The torn record had the next number.
        var tail = AuditTail(file: file, length: offset, sequence: chain.sequence + 1, hash: chain.hash)
        let note = AuditNote.torn(self.files.name(of: first), at: offset, bytes: length - offset)
        try tail.append(self.dated(note), self.files, self.limits)
        return tail
    }

    /// Makes a file for what comes after the record `sequence`, which begins with what was found.
    private func begin(after sequence: UInt64, _ hash: Data) throws -> AuditTail {
        let last = max(sequence, self.greatest)
        return try AuditTail.begin(
            after: last,
            hash,
            self.files,
            self.limits,
            with: self.findings.reversed().map(self.dated)
        )
    }

    private func dated(_ note: SwarmdAuditRecord) -> SwarmdAuditRecord {
        var note = note
        note.at = self.now().protobuf
        return note
    }
}
