import Foundation
import Glibc
import LinuxSystem
import SwarmAPI

/// The files of a directory of records, named by the number of their first one.
struct AuditFiles: Sendable {
    let directory: String
    /// How bytes reach them.
    var disk = AuditDisk.system

    private static let suffix = ".audit"
    private static let digits = 20
    /// The numbers that records can have; nobody lives to see the last of them.
    private static let numbers = 1...UInt64(Int64.max)

    /// The numbers of the files' first records, oldest first.
    func starts() throws -> [UInt64] {
        try Files.names(in: self.directory).compactMap { name in
            guard name.hasSuffix(Self.suffix) else { return nil }
            let digits = name.dropLast(Self.suffix.count)
            guard digits.utf8.count == Self.digits, let first = UInt64(digits) else { return nil }
            return Self.numbers.contains(first) ? first : nil
        }
    }

    /// Where the file is whose first record is `first`.
    func path(of first: UInt64) -> String {
        let digits = String(first)
        let zeros = String(repeating: "0", count: Self.digits - digits.utf8.count)
        return "\(self.directory)/\(zeros)\(digits)\(Self.suffix)"
    }

    /// What operators call the file whose first record is `first`.
    func name(of first: UInt64) -> String { String(self.path(of: first).dropFirst(self.directory.count + 1)) }

    /// The bytes of the file whose first record is `first`; nil if it is gone.
    func bytes(of first: UInt64, limit: Int) throws -> [UInt8]? {
        let file: Descriptor
        do { file = try Descriptor.open(self.path(of: first), O_RDONLY) } catch let error as SystemError
            where error.isMissing
        { return nil }
        var bytes: [UInt8] = []
        while let part = try file.read(atMost: 256 << 10), !part.isEmpty {
            bytes += part
            // No file grows so far: this is none of ours.
            guard bytes.count <= limit else { throw AuditFrames.Fault.damaged(offset: limit) }
        }
        return bytes
    }

    /// The hash of the record before `first`, as the file that begins with that one says; nil if it is not readable.
    func previous(of first: UInt64) -> Data? {
        guard let file = try? Descriptor.open(self.path(of: first), O_RDONLY),
            let bytes = try? file.read(atMost: AuditFrames.headerBytes),
            let (header, _) = try? AuditFrames.header(of: bytes), header.first == first
        else { return nil }
        return header.previous
    }

    /// Makes a file for the records from `header.first` on, with `records`, which is on the disk when this returns.
    ///
    /// It has room for `bytes`, so that a disk that others fill stops no change before the file is full.
    func create(_ header: AuditFrames.Header, _ records: [UInt8] = [], room bytes: Int) throws -> Descriptor {
        let path = self.path(of: header.first)
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND)
        try file.reserve(bytes)
        try self.disk.write(file, AuditFrames.line(header) + records)
        try self.disk.synchronize(file)
        try Files.synchronizeDirectory(self.directory)
        return file
    }

    /// Opens the file whose first record is `first` for more, after it was cut to `length` bytes.
    func reopen(_ first: UInt64, cutTo length: Int) throws -> Descriptor {
        let file = try Descriptor.open(self.path(of: first), O_WRONLY | O_APPEND)
        try self.disk.cut(file, length)
        try self.disk.synchronize(file)
        return file
    }

    /// Gives the file whose first record is `first` a name by which it is kept and no more read; returns that name.
    func setAside(_ first: UInt64) throws -> String {
        let path = self.path(of: first)
        var aside = "\(path).damaged"
        var number = 1
        while Files.exists(aside) {
            number += 1
            aside = "\(path).damaged-\(number)"
        }
        try Files.rename(path, to: aside)
        return String(aside.dropFirst(self.directory.count + 1))
    }

    /// Removes the oldest files until `count` are left.
    func keep(_ count: Int) throws {
        for first in try self.starts().dropLast(count) { try Files.remove(self.path(of: first)) }
    }
}
