import Foundation
import Glibc
import LinuxSystem
import SwarmAPI

/// The files of a directory of records, named by the number of their first one.
struct AuditFiles: Sendable {
    let directory: String

    private static let suffix = ".audit"
    private static let digits = 20

    /// The numbers of the files' first records, oldest first.
    func starts() throws -> [UInt64] {
        try Files.names(in: self.directory).compactMap { name in
            guard name.hasSuffix(Self.suffix) else { return nil }
            let digits = name.dropLast(Self.suffix.count)
            return digits.utf8.count == Self.digits ? UInt64(digits) : nil
        }
    }

    /// Where the file is whose first record is `first`.
    func path(of first: UInt64) -> String {
        let digits = String(first)
        let zeros = String(repeating: "0", count: Self.digits - digits.utf8.count)
        return "\(self.directory)/\(zeros)\(digits)\(Self.suffix)"
    }

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

    /// Makes a file for the records from `header.first` on, which is on the disk when this returns.
    ///
    /// It has room for `bytes`, so that a disk that others fill stops no change before the file is full.
    func create(_ header: AuditFrames.Header, room bytes: Int) throws -> Descriptor {
        let path = self.path(of: header.first)
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND)
        try file.reserve(bytes)
        try file.write(AuditFrames.line(header))
        try file.synchronize()
        try Files.synchronizeDirectory(self.directory)
        return file
    }

    /// Opens the file whose first record is `first` for more, after it was cut to `length` bytes.
    func reopen(_ first: UInt64, cutTo length: Int) throws -> Descriptor {
        let file = try Descriptor.open(self.path(of: first), O_WRONLY | O_APPEND)
        guard ftruncate(file.raw, off_t(length)) == 0 else {
            throw SystemError.last("ftruncate", self.path(of: first))
        }
        try file.synchronize()
        return file
    }

    /// Removes the oldest files until `count` are left.
    func keep(_ count: Int) throws {
        for first in try self.starts().dropLast(count) { try Files.remove(self.path(of: first)) }
    }
}
