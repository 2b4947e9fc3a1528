/// What a cluster's word on its unlock key changes for a manager's key file.
package enum LockChange: Sendable, Equatable {
    /// Nothing: it is as it should be, or the word is older than the file.
    case unchanged
    /// It is encrypted with another key, or with none any more.
    case changed
    /// It is encrypted, and was not before: the keys in it lay in clear, and others have to take their place.
    case locked
}

extension KeyFile {
    /// Takes in that the cluster object of `version` says to use the key `new`, where the file is under `old`; what is
    /// nil is no key (SwarmKit `manager/deks.go`, `compareKEKs`).
    package mutating func take(_ new: UnlockKey?, for old: UnlockKey?, version: UInt64) -> LockChange {
        guard new != old, version > self.kekVersion else { return .unchanged }
        self.kekVersion = version
        guard old == nil else { return .changed }
        self.dataKeys?.needsRotation = true
        return .locked
    }
}
