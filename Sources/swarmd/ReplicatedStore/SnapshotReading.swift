import Dispatch
import StoreCore

/// Reads whole states on a thread of its own: a large one takes seconds, for which the threads of everybody
/// else must not be missing.
enum SnapshotReading {
    private static let queue = DispatchQueue(label: "swarmd.store.snapshots")

    /// Reads a serialized snapshot; throws `SnapshotError`.
    static func read(_ bytes: [UInt8]) async throws -> StoreSnapshot {
        try await withCheckedThrowingContinuation { continuation in
            self.queue.async { @Sendable in
                continuation.resume(with: Result { try StoreSnapshot(bytes: bytes) })
            }
        }
    }
}
