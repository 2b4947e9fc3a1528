import Foundation
import Glibc

/// Writes small files so that a crash leaves the old or the new contents, never a mixture.
enum DurableFile {
    /// Writes `data` to a temporary file beside `path`, and moves it into place; all of it is on the disk then.
    static func write(_ data: Data, to path: String) throws(DurableFileError) {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DurableFileError("create", temporary) }
        do {
            defer { close(file) }
            try Self.writeAll(data, to: file, path: temporary)
            guard fsync(file) == 0 else { throw DurableFileError("fsync", temporary) }
        }
        guard rename(temporary, path) == 0 else { throw DurableFileError("rename", temporary) }
        try Self.syncFolder(of: path)
    }

    private static func writeAll(_ data: Data, to file: Int32, path: String) throws(DurableFileError) {
        var rest = [UInt8](data)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw DurableFileError("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func syncFolder(of path: String) throws(DurableFileError) {
        let folder = (path as NSString).deletingLastPathComponent
        let file = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw DurableFileError("open", folder) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw DurableFileError("fsync", folder) }
    }
}

/// A system call on a file that failed.
package struct DurableFileError: Error, CustomStringConvertible {
    package let operation: String
    package let path: String
    package let reason: String

    /// Describes the failure that `errno` holds.
    init(_ operation: String, _ path: String) {
        self.reason = String(cString: strerror(errno))
        self.operation = operation
        self.path = path
    }

    /// One line for the operator.
    package var description: String { "\(self.operation) \(self.path): \(self.reason)" }
}
