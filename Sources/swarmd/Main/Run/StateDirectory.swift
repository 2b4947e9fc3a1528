import Foundation
import LinuxSystem

/// The node's directory, held by one daemon at a time.
struct StateDirectory: ~Copyable, Sendable {
    let path: String
    private let lock: FileLock

    /// Makes the directory if need be, and takes it.
    init(path: String) throws {
        if let file = Self.file(on: path) {
            let place = file == path ? "it" : file
            throw CommandError("--state-dir \(path): \(place) is a file and no directory: name another place")
        }
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

    /// What is no directory and stands where one has to be: `path` itself, or what it is to be in.
    private static func file(on path: String) -> String? {
        var place = URL(filePath: path)
        while place.path != "/" {
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory) {
                return isDirectory.boolValue ? nil : place.path
            }
            place.deleteLastPathComponent()
        }
        return nil
    }

    /// What the node keeps in it.
    var files: NodeFiles { NodeFiles(path: self.path) }
}
