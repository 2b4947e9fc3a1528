import Glibc

/// Why the log can't be opened or went out of service.
package enum LogError: Error, Equatable {
    /// A system call failed.
    case io(operation: String, path: String, code: Int32)
    /// Another process has the log open.
    case inUse(path: String)
    /// The file is none of ours: its first bytes say something else.
    case foreignFile(path: String)
    /// A later swarmd wrote the file. It is left as it is.
    case newerFormat(path: String, version: UInt32, supported: UInt32)
    /// The data key is not the one that the file was written with.
    case wrongKey(path: String)
    /// There is a log, but the key that it was written with is gone.
    case missingKey(path: String)
    /// Others than the owner may read the key.
    case exposedKey(path: String, mode: UInt32)
    /// What was once safely on disk is damaged or gone. Nothing is repaired: cutting the log here could take
    /// back what the cluster was told (Alagappan et al., FAST '18).
    case corrupt(path: String, offset: UInt64, reason: String)
    /// There is a log already where a new one was to begin.
    case occupied(path: String)
    /// The log is not what this member acknowledged to the others, who say so.
    case contradicted(String)
    /// The store is another one than that of most members, since `index` or shortly before.
    case astray(index: UInt64, own: String, group: String)
    /// This member was removed from the group.
    case removed
    /// The log was closed, or failed before.
    case closed
}

extension LogError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .io(let operation, let path, let code):
            "\(operation) \(path): \(code == 0 ? "it failed" : String(cString: strerror(code)))"
        case .inUse(let path): "\(path) is in use by another process"
        case .foreignFile(let path): "\(path) is not a file of swarmd's log"
        case .newerFormat(let path, let version, let supported):
            "\(path) has format version \(version); this swarmd knows versions up to \(supported)"
        case .wrongKey(let path): "\(path) was written with another data key"
        case .missingKey(let path): "the data key \(path) is missing, but there is a log"
        case .exposedKey(let path, let mode):
            "\(path) has mode \(String(mode, radix: 8)); only its owner may read it (600)"
        case .corrupt(let path, let offset, let reason): "\(path) is damaged at offset \(offset): \(reason)"
        case .occupied(let path): "\(path) holds a log already"
        case .contradicted(let reason):
            "this manager's log is not what it was: \(reason). Was an older copy of its state directory put back? "
                + "Remove this manager from the group at another one, delete its state directory, and let it join "
                + "again"
        case .astray(let index, let own, let group):
            "this manager's store differs from that of most managers at entry \(index) of the log: it has digest "
                + "\(own), they have \(group). It stops before it does harm. Remove this manager from the group "
                + "at another one, delete its state directory, and let it join again"
        case .removed:
            "this manager was removed from the group: to take part again, it needs a new state directory, "
                + "and has to join"
        case .closed: "the log is closed"
        }
    }
}
