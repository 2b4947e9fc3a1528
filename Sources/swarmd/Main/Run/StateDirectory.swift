import Foundation
import LinuxSystem
import WorkerNode

/// The node's directory, held by one daemon at a time.
struct StateDirectory: ~Copyable, Sendable {
    let path: String
    /// Who the node is; nil before its first start.
    let node: NodeState?
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
        let node = try NodeState.load(from: path)
        self.path = path
        self.node = node
        self.lock = lock
    }

    /// Whether the node is a manager.
    ///
    /// One that knows no manager began to make a cluster, and a crash came before there was a log.
    var isManagers: Bool {
        self.node?.managers.isEmpty == true || FileManager.default.fileExists(atPath: "\(self.path)/raft")
    }
}
