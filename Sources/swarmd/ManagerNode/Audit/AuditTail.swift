import Foundation
import Glibc
import LinuxSystem
import Logging
import SwarmAPI
import SwiftProtobuf

/// The end of the records: the file that is written to, and what the next record is bound to.
struct AuditTail: Sendable {
    /// An open file that may be synced while another one is begun.
    final class File: Sendable {
        let descriptor: Descriptor

        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }

    /// A file that holds part of a record which could not be taken back: nothing may follow it.
    struct Ruined: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var file: File
    private(set) var length: Int
    /// Records that the file does not have yet.
    private var waiting: [UInt8] = []
    /// The newest record, zero before the first, and its hash.
    private(set) var sequence: UInt64
    private(set) var hash: Data

    /// Makes a file for what comes after the record `sequence`, which begins with `notes`.
    static func begin(
        after sequence: UInt64,
        _ hash: Data,
        _ files: AuditFiles,
        _ limits: AuditLimits,
        with notes: [SwarmdAuditRecord] = []
    ) throws -> AuditTail {
        let header = AuditFrames.Header(first: sequence + 1, previous: hash)
        var (bytes, last): ([UInt8], _) = ([], (sequence: sequence, hash: hash))
        for note in notes { bytes += try Self.frame(note, after: &last) }
        let file = File(try files.create(header, bytes, room: limits.fileBytes))
        let length = AuditFrames.line(header).count + bytes.count
        return AuditTail(file: file, length: length, sequence: last.sequence, hash: last.hash)
    }

    /// The bytes of `record` in a file, as the one that follows `last`.
    private static func frame(
        _ record: SwarmdAuditRecord,
        after last: inout (sequence: UInt64, hash: Data)
    ) throws -> [UInt8] {
        var record = record
        record.sequence = last.sequence + 1
        let (bytes, hash) = try AuditChain.sealed(record, after: last.hash)
        precondition(bytes.count <= AuditFrames.recordBytes, "a record has \(bytes.count) bytes")
        last = (record.sequence, hash)
        return AuditFrames.frame(bytes)
    }

    init(file: File, length: Int, sequence: UInt64, hash: Data) {
        (self.file, self.length, self.sequence, self.hash) = (file, length, sequence, hash)
    }

    /// Writes `record` as the next one, with all that wait; a new file begins when this one is full.
    ///
    /// After an error nothing of the record is there.
    mutating func append(_ record: SwarmdAuditRecord, _ files: AuditFiles, _ limits: AuditLimits) throws {
        if self.length >= limits.fileBytes { try self.turnOver(at: record.at, files, limits) }
        let before = (self.sequence, self.hash, self.waiting.count)
        try self.add(record)
        do { try self.write(files.disk) } catch {
            (self.sequence, self.hash) = (before.0, before.1)
            self.waiting.removeLast(self.waiting.count - before.2)
            throw error
        }
    }

    /// Takes `record` as the next one; it is written with the one after it, or by `write`.
    mutating func postpone(_ record: SwarmdAuditRecord, _ files: AuditFiles, _ limits: AuditLimits) throws {
        if self.waiting.count >= limits.waitingBytes { try self.write(files.disk) }
        try self.add(record)
    }

    /// Hands what waits to the kernel; after an error it still waits.
    mutating func write(_ disk: AuditDisk) throws {
        guard !self.waiting.isEmpty else { return }
        do {
            try disk.write(self.file.descriptor, self.waiting)
        } catch {
            do { try disk.cut(self.file.descriptor, self.length) } catch let cut {
                throw Ruined(
                    description: "\(error), and what was written of the record can't be taken back: \(cut)"
                )
            }
            throw error
        }
        self.length += self.waiting.count
        self.waiting.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ record: SwarmdAuditRecord) throws {
        var last = (sequence: self.sequence, hash: self.hash)
        self.waiting += try Self.frame(record, after: &last)
        (self.sequence, self.hash) = last
    }

    /// Goes on in a new file, which begins with why the oldest records are there no more, when some go.
    private mutating func turnOver(
        at time: Google_Protobuf_Timestamp,
        _ files: AuditFiles,
        _ limits: AuditLimits
    ) throws {
        try self.write(files.disk)
        try files.disk.synchronize(self.file.descriptor)
        var notes: [SwarmdAuditRecord] = []
        // The new file is one of those that are kept; it may have been tried before.
        let starts = try files.starts().filter { $0 <= self.sequence }
        if starts.count >= limits.files, let oldest = starts.suffix(limits.files - 1).first,
            let previous = files.previous(of: oldest)
        {
            notes.append(AuditNote.expired(before: oldest, previous))
            notes[0].at = time
        }
        self = try Self.begin(after: self.sequence, self.hash, files, limits, with: notes)
        try files.keep(limits.files)
    }
}
