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

    /// Finds the end of the records in `files`, or makes the first file.
    static func open(_ files: AuditFiles, _ limits: AuditLimits, _ log: Logger) throws -> AuditTail {
        for first in try files.starts().reversed() {
            guard let bytes = try files.bytes(of: first, limit: limits.wholeFileBytes) else { continue }
            do {
                return try Self.resume(first, bytes, files, limits, log)
            } catch AuditFrames.Fault.header {
                // Made when the machine stopped: nothing was ever written to it. Anything else is kept for whoever
                // wants to know what happened.
                let path = files.path(of: first)
                let isTorn = !bytes.contains(0x0a)
                log.error(
                    isTorn ? "removed an unfinished file of records" : "set a damaged file of records aside",
                    metadata: ["file": "\(path)"]
                )
                if isTorn { try Files.remove(path) } else { try Files.rename(path, to: "\(path).damaged") }
            }
        }
        return try Self.begin(after: 0, AuditChain.beginning, files, limits)
    }

    private static func resume(
        _ first: UInt64,
        _ bytes: [UInt8],
        _ files: AuditFiles,
        _ limits: AuditLimits,
        _ log: Logger
    ) throws -> AuditTail {
        let (header, start) = try AuditFrames.header(of: bytes)
        var (offset, sequence, hash) = (start, header.first - 1, header.previous)
        do {
            while let (record, next) = try AuditFrames.record(at: offset, of: bytes) {
                (offset, sequence, hash) = (next, record.sequence, record.hash)
            }
        } catch AuditFrames.Fault.damaged(let place) {
            log.error(
                "a file of records is damaged: new ones go to another file, after the last good one",
                metadata: ["file": "\(files.path(of: first))", "offset": "\(place)", "last": "\(sequence)"]
            )
            return try Self.begin(
                after: sequence,
                hash,
                files,
                limits,
                aside: sequence < header.first ? first : nil
            )
        }
        if offset < bytes.count {
            log.warning(
                "cut a record off that was torn when the machine or the daemon stopped",
                metadata: ["after": "\(sequence)", "bytes": "\(bytes.count - offset)"]
            )
        }
        let file = File(try files.reopen(first, cutTo: offset))
        return AuditTail(file: file, length: offset, sequence: sequence, hash: hash)
    }

    /// Makes a file for what comes after the record `sequence`; the file `aside` would have the same name.
    private static func begin(
        after sequence: UInt64,
        _ hash: Data,
        _ files: AuditFiles,
        _ limits: AuditLimits,
        aside: UInt64? = nil
    ) throws -> AuditTail {
        if let aside { try Files.rename(files.path(of: aside), to: "\(files.path(of: aside)).damaged") }
        let header = AuditFrames.Header(first: sequence + 1, previous: hash)
        let file = File(try files.create(header, room: limits.fileBytes))
        return AuditTail(file: file, length: AuditFrames.line(header).count, sequence: sequence, hash: hash)
    }

    init(file: File, length: Int, sequence: UInt64, hash: Data) {
        (self.file, self.length, self.sequence, self.hash) = (file, length, sequence, hash)
    }

    /// Writes `record` as the next one, with all that wait; a new file begins when this one is full.
    ///
    /// After an error nothing of the record is there.
    mutating func append(_ record: SwarmdAuditRecord, _ files: AuditFiles, _ limits: AuditLimits) throws {
        if self.length >= limits.fileBytes { try self.turnOver(files, limits) }
        let before = (self.sequence, self.hash, self.waiting.count)
        try self.add(record)
        do { try self.write() } catch {
            (self.sequence, self.hash) = (before.0, before.1)
            self.waiting.removeLast(self.waiting.count - before.2)
            throw error
        }
    }

    /// Takes `record` as the next one; it is written with the one after it, or by `write`.
    mutating func postpone(_ record: SwarmdAuditRecord, _ limits: AuditLimits) throws {
        if self.waiting.count >= limits.waitingBytes { try self.write() }
        try self.add(record)
    }

    /// Hands what waits to the kernel; after an error it still waits.
    mutating func write() throws {
        guard !self.waiting.isEmpty else { return }
        do {
            try self.file.descriptor.write(self.waiting)
        } catch {
            guard ftruncate(self.file.descriptor.raw, off_t(self.length)) == 0 else {
                throw Ruined(description: "\(error), and what was written of the record can't be taken back")
            }
            throw error
        }
        self.length += self.waiting.count
        self.waiting.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ record: SwarmdAuditRecord) throws {
        var record = record
        record.sequence = self.sequence + 1
        let (bytes, hash) = try AuditChain.sealed(record, after: self.hash)
        precondition(bytes.count <= AuditFrames.recordBytes, "a record has \(bytes.count) bytes")
        self.waiting += AuditFrames.frame(bytes)
        (self.sequence, self.hash) = (record.sequence, hash)
    }

    private mutating func turnOver(_ files: AuditFiles, _ limits: AuditLimits) throws {
        try self.write()
        try self.file.descriptor.synchronize()
        self = try Self.begin(after: self.sequence, self.hash, files, limits)
        try files.keep(limits.files)
    }
}
