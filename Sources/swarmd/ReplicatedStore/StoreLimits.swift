/// What a store keeps and takes at most.
package struct StoreLimits: Sendable {
    /// Commits kept for watchers that resume.
    package var historyCommits = 10_000
    /// Changes in those commits; it bounds their memory to about a hundred megabytes of tasks.
    package var historyChanges = 50_000
    /// Bytes proposed and not yet applied; above it, proposals are refused as `overloaded`.
    package var bytesInFlight = 32 << 20
    /// Bytes in flight above which a reconciler waits with its next batch, so that whoever changes something else
    /// finds a short queue.
    package var batchedBytesInFlight = 1 << 20
    /// Entries applied between two snapshots (SwarmKit's `snapshot_interval`).
    package var snapshotInterval: UInt64 = 10_000

    package init() {}
}
