package import SwarmAPI
import SwiftProtobuf

/// What replication has to know of a snapshot that it otherwise only carries.
package enum SnapshotImage {
    /// The group that the snapshot `bytes` (SwarmKit's `Snapshot`) names; empty if it can't be read, in which
    /// case the store refuses it too.
    package static func membership(of bytes: [UInt8]) -> SwarmClusterSnapshot {
        (try? SwarmSnapshot(serializedBytes: bytes))?.membership ?? SwarmClusterSnapshot()
    }
}
