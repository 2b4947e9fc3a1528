package import Foundation
import Glibc

/// A folder for everything that a benchmark writes, removed when the benchmark is over.
package struct ScratchFolder: Sendable {
    /// Why no folder was made.
    package enum Failure: Error, CustomStringConvertible {
        /// It would be in memory, where a sync costs nothing.
        case inMemory(path: String)

        /// What to do about it.
        package var description: String {
            switch self {
            case .inMemory(let path): "\(path) is in memory: set TMPDIR to a folder on a disk"
            }
        }
    }

    /// Where it is.
    package let url: URL

    /// Makes a folder below TMPDIR, runs `body`, and removes it.
    package static func with<Value>(
        _ name: String,
        _ body: (ScratchFolder) async throws -> Value
    ) async throws -> Value {
        let parent = FileManager.default.temporaryDirectory
        guard !Self.isInMemory(parent.path) else { throw Failure.inMemory(path: parent.path) }
        let folder = ScratchFolder(url: parent.appending(path: "\(name)-\(getpid())"))
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder.url) }
        return try await body(folder)
    }

    /// A new, empty folder in it.
    package func subfolder(_ name: String) throws -> URL {
        let url = self.url.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        return url
    }

    /// Whether the deepest mount above `path` is a tmpfs.
    private static func isInMemory(_ path: String) -> Bool {
        let table = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        let mounts = table.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count > 2 }
        let above = mounts.filter { "\(path)/".hasPrefix($0[1] == "/" ? "/" : "\($0[1])/") }
        return above.max { $0[1].count < $1[1].count }?[2] == "tmpfs"
    }
}
