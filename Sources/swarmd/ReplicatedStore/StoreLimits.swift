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
    package var batchedBytesInFlight = 64 << 10
    /// Changes that a reconciler puts into one entry, which every member carries out at one go.
    package var batchedChanges = 50
    /// Bytes of committed entries that are carried out at one go, unless one entry has more: a few milliseconds.
    package var bytesAtOnce = 32 << 10
    /// Entries applied between two snapshots where the cluster's spec names no number (SwarmKit's
    /// `snapshot_interval`).
    package var snapshotInterval: UInt64 = 10_000

    /// Entries of the log between two digests that the managers compare; the same for all of them.
    package var digestInterval: UInt64 = 1_024
    /// Digests that may wait to be made; what is beyond is left out, and the next one costs a look at everything.
    package var digestsWaiting = 8

    package init() {}
}
