/// A change of the cluster object.
package enum ClusterChange: Sendable, Equatable {
    case rotateRoot
    case rotateWorkerToken
    case rotateManagerToken
    case rotateUnlockKey
    case autolock(Bool)
}

/// The cluster's secrets: what lets nodes in, and what opens locked managers.
package struct ClusterKeys: Sendable, Equatable, CustomStringConvertible {
    package var workerToken: String
    package var managerToken: String
    /// Empty when managers are not locked.
    package var unlockKey: String

    package init(workerToken: String, managerToken: String, unlockKey: String) {
        self.workerToken = workerToken
        self.managerToken = managerToken
        self.unlockKey = unlockKey
    }

    /// Nothing: a message or a log that gets hold of it tells nobody.
    package var description: String { "ClusterKeys(hidden)" }
}

/// An object at the version that the operator saw.
package struct SeenObject: Sendable, Equatable {
    package var id: String
    package var version: UInt64

    package init(id: String, version: UInt64) {
        self.id = id
        self.version = version
    }
}
