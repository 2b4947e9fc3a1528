import Credentials
import LinuxSystem
import Logging
import Primitives
import Replication
import ReplicatedStore
import Trust

/// Puts another data key in the place of the present one while the manager works.
///
/// The new key is in the key file first. Then new segments and snapshots are written under it; a snapshot takes the
/// place of everything before; and when nothing is under the old key any more, the file forgets it. A crash at any
/// moment leaves a key file whose keys open the log, and a rotation that goes on at the next start.
struct DataKeyRotation: Sendable {
    /// How often it looks whether a snapshot has done its part.
    private static let interval = Duration.milliseconds(100)
    /// After how many looks it asks for another snapshot: the last one may not have reached all that is under the old
    /// key.
    private static let looksPerSnapshot = 20
    /// How long it waits after a failure.
    private static let pause = Duration.seconds(1)

    private let keys: KeyStore
    private let store: ReplicatedStore
    private let group: GroupProposer
    private let clock: any WallClock
    private let log: Logger

    init(keys: KeyStore, store: ReplicatedStore, group: GroupProposer, clock: any WallClock, log: Logger) {
        self.keys = keys
        self.store = store
        self.group = group
        self.clock = clock
        self.log = log
    }

    /// Rotates until no rotation is needed any more; returns early only when it is cancelled.
    func run() async throws {
        while let present = self.keys.content?.dataKeys, present.pending != nil || present.needsRotation {
            do {
                try await self.rotate()
                self.log.notice("log and snapshots are under a new data key")
            } catch let error as CancellationError {
                throw error
            } catch {
                self.log.error("the data key was not changed yet", metadata: ["error": "\(error)"])
                try await self.clock.sleep(until: self.clock.now + Self.pause)
            }
        }
    }

    private func rotate() async throws {
        let keys = try await BlockingWork.run { [store = self.keys] in try store.beginRotation() }
        guard let pending = keys?.pending else { return }
        try await self.group.rekey(to: LogKeys.key(pending))
        var looks = 0
        while try await !self.group.forgetOlderKeys() {
            if looks.isMultiple(of: Self.looksPerSnapshot) { await self.store.storeSnapshot() }
            looks += 1
            try await self.clock.sleep(until: self.clock.now + Self.interval)
        }
        try await BlockingWork.run { [store = self.keys] in try store.finishRotation() }
    }
}
