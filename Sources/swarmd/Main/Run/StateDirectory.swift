import Foundation
import LinuxSystem

/// The node's directory, held by one daemon at a time.
struct StateDirectory: ~Copyable, Sendable {
    let path: String
    private let lock: FileLock

    /// Makes the directory if need be, and takes it.
    init(path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandError("--state-dir \(path): \(error.localizedDescription)")
        }
        guard let lock = try FileLock.acquire("\(path)/lock") else {
            throw CommandError("--state-dir \(path): another swarmd uses this directory")
        }
        self.path = path
        self.lock = lock
    }

    /// What the node keeps in it.
    var files: NodeFiles { NodeFiles(path: self.path) }
}
