import Credentials
import LinuxSystem
import Logging
import Primitives
import Replication
import ReplicatedStore
import StoreCore
import SwarmAPI
import Trust

/// Keeps a manager's key file under the unlock key that the cluster object names, whoever leads (SwarmKit
/// `manager/manager.go`, `updateKEK`).
///
/// When the file is locked for the first time, the keys in it lay in clear until then: the data key is changed, and a
/// new TLS key asked for.
struct KeyWatcher: Sendable {
    /// How many commits may wait before it starts again from the whole state.
    private static let backlog = 1_024
    /// How long it waits after a failure, and before it follows the store anew.
    private static let pause = Duration.seconds(1)

    private let keys: ManagerKeys
    private let store: ReplicatedStore
    private let group: GroupProposer
    private let clock: any WallClock
    private let log: Logger

    init(
        keys: ManagerKeys,
        store: ReplicatedStore,
        group: GroupProposer,
        clock: any WallClock,
        log: Logger
    ) {
        self.keys = keys
        self.store = store
        self.group = group
        self.clock = clock
        self.log = log
    }

    /// Works until it is cancelled.
    func run() async throws {
        // One wish is as good as many: a rotation takes place until none is needed.
        let (wishes, wishing) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // The last run may have ended in the middle of one.
        wishing.yield()
        let rotation = DataKeyRotation(
            keys: self.keys.store,
            store: self.store,
            group: self.group,
            clock: self.clock,
            log: self.log
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            defer { tasks.cancelAll() }
            tasks.addTask { for await _ in wishes { try await rotation.run() } }
            tasks.addTask {
                while !Task.isCancelled {
                    await self.follow { wishing.yield() }
                    try await self.clock.sleep(until: self.clock.now + Self.pause)
                }
            }
            try await tasks.next()
        }
    }

    /// Follows the cluster object until the feed ends or the file can't be written.
    private func follow(rotate: () -> Void) async {
        let start = await self.store.watch(limit: Self.backlog, of: .clusters)
        guard await self.apply(start.state, rotate) else { return }
        for await commit in start.commits {
            guard await self.apply(commit.state, rotate) else { return }
        }
    }

    /// Returns whether the file is as the state says.
    private func apply(_ state: StoreState, _ rotate: () -> Void) async -> Bool {
        guard let cluster = state.clusters.named(ClusterBootstrap.clusterName) else { return true }
        let (unlockKey, version) = (cluster.managerUnlockKey, cluster.meta.version.index)
        do {
            let change = try await BlockingWork.run { [store = self.keys.store] in
                try store.lock(with: unlockKey, version: version)
            }
            guard change != .unchanged else { return true }
            self.log.notice(
                unlockKey == nil
                    ? "the key file is not locked any more" : "the key file has a new unlock key",
                metadata: ["cluster-version": "\(version)"]
            )
            if change == .locked {
                rotate()
                await self.keys.renewCertificate()
            }
            return true
        } catch {
            self.log.error("the key file could not be locked anew", metadata: ["error": "\(error)"])
            return false
        }
    }
}
