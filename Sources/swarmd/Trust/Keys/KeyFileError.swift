/// Why a node's key file can't be read or written.
package enum KeyFileError: Error, Equatable, CustomStringConvertible {
    /// The file is not what was written, for the reason.
    case damaged(String)
    /// The file is encrypted, and no unlock key was given.
    case locked
    /// The file is encrypted with another unlock key.
    case wrongKey
    /// The library did not encrypt, for the reason.
    case unmade(String)

    package var description: String {
        switch self {
        case .damaged(let reason): "node key file: it is damaged: \(reason)"
        case .locked: "node key file: it is locked; the cluster's unlock key opens it"
        case .wrongKey:
            "unlock key: it is not the one that this node's key file is locked with; `swarmd unlock-key` on another manager "
                + "shows the present one, and a manager that was down when it was replaced wants the one before"
        case .unmade(let reason): "node key file: it could not be made: \(reason)"
        }
    }
}
