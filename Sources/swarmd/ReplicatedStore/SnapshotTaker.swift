import Logging
import StoreCore

/// A state to be written as a snapshot.
struct SnapshotRequest: Sendable {
    let snapshot: StoreSnapshot
    let index: UInt64
}

/// Writes snapshots beside the store, which goes on applying meanwhile.
struct SnapshotTaker: Sendable {
    let proposer: any Proposer
    let logger: Logger
    /// How long it waits after a failure: a full disk is not full for ever.
    let pause = Duration.seconds(1)
    /// Hears whether a snapshot was stored.
    let ended: @Sendable (Bool) async -> Void

    /// Stores each request, one at a time.
    ///
    /// The log serializes it where it writes it: here it would take a thread from everybody else for seconds.
    /// A snapshot that can't be stored is no reason to stop: the log keeps everything, and the store will
    /// ask again.
    @concurrent
    func run(_ requests: AsyncStream<SnapshotRequest>) async {
        for await request in requests {
            do {
                try await self.proposer.compact(upTo: request.index, snapshot: request.snapshot.slices)
                self.logger.info("snapshot stored", metadata: ["index": "\(request.index)"])
                await self.ended(true)
            } catch {
                self.logger.error(
                    "snapshot failed",
                    metadata: ["index": "\(request.index)", "error": "\(error)"]
                )
                try? await ContinuousClock().sleep(for: self.pause)
                await self.ended(false)
            }
        }
    }
}
