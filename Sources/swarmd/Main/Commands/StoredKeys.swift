import LinuxSystem
import ManagerNode
import Replication
import Trust

/// The data keys of a stopped manager, for commands that open its log.
enum StoredKeys {
    /// The ring that opens the log below `stateDirectory`; nil where the log's key is beside the log.
    ///
    /// Asks for the unlock key where the manager is locked.
    static func ring(in stateDirectory: String) throws -> DataKeyRing? {
        let path = "\(stateDirectory)/certificates/swarm-node.key"
        guard Files.exists(path) else { return nil }
        let text = try Files.readText(path)
        do {
            guard try KeyFile.Head(parsing: text).isLocked else {
                return try LogKeys.ring(of: KeyFile(parsing: text))
            }
            let answer = try SecretInput.line(prompt: "Please enter unlock key: ")
            return try LogKeys.ring(of: KeyFile(parsing: text, unlockKey: UnlockKey(parsing: answer)))
        } catch let error as KeyFileError {
            throw CommandError("--state-dir \(stateDirectory): \(error)")
        } catch let error as UnlockKeyError {
            throw CommandError("\(error)")
        }
    }
}
