import Credentials
import Crypto
import Foundation
import Logging
import Primitives
import Replication
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Trust

@testable import ManagerNode

/// A manager's state directory with a key file, and its log and store, without servers.
final class KeyBench: Sendable {
    let directory: String
    let keys: KeyStore
    /// How often a new certificate was asked for.
    let renewals = Mutex(0)

    var raft: String { self.directory + "/raft" }

    init() throws {
        let directory = FileManager.default.temporaryDirectory.path + "/swarmd-keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        self.directory = directory
        self.keys = try Self.open(directory)
        try self.keys.replaceKey(P256.Signing.PrivateKey().pemRepresentation) { text in
            try Data(text.utf8).write(to: URL(filePath: directory + "/swarm-node.key"))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: self.directory) }

    /// The key file as a new process finds it.
    static func open(_ directory: String) throws -> KeyStore {
        let file = URL(filePath: directory + "/swarm-node.key")
        return try KeyStore(
            load: { try? String(contentsOf: file, encoding: .utf8) },
            save: { try Data($0.utf8).write(to: file, options: .atomic) }
        )
    }

    /// Runs log and store while `body` works on them.
    func run(
        _ body: @escaping @Sendable (ReplicatedStore, GroupProposer) async throws -> Void
    ) async throws {
        let ring = try LogKeys.ring(self.keys, directory: self.raft)
        var limits = LogLimits()
        limits.segmentBytes = 16 << 10
        let proposer = try GroupProposer(
            storage: LogStorage(directory: self.raft, keys: ring, limits: limits),
            origin: .found(.with { $0.raftID = 7 }),
            seed: 1,
            now: { SteppedClock().now }
        )
        let store = ReplicatedStore(proposer: proposer, now: { SteppedClock().now })
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await store.run() }
            for await leadership in await store.leaderships() where leadership != .follower { break }
            try await body(store, proposer)
        }
        await proposer.close()
    }

    /// Runs the watcher while `body` works, and moves its clock.
    func watching(
        _ store: ReplicatedStore,
        _ proposer: GroupProposer,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let clock = SteppedClock()
        let keys = ManagerKeys(store: self.keys) { self.renewals.withLock { $0 += 1 } }
        let watcher = KeyWatcher(
            keys: keys,
            store: store,
            group: proposer,
            clock: clock,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await watcher.run() }
            group.addTask {
                while !Task.isCancelled {
                    clock.advance(by: .milliseconds(50))
                    await Task.yield()
                }
            }
            try await body()
        }
    }

    /// Returns when `condition` holds of the key file; throws after ten seconds.
    func until(_ condition: @Sendable (KeyFile) -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while let file = self.keys.content, !condition(file) {
            guard ContinuousClock.now < end else { throw Overdue(content: "\(file.kekVersion)") }
            await Task.yield()
        }
    }

    struct Overdue: Error { let content: String }

    /// Every byte of every file, with the names of the files.
    func files() throws -> [(name: String, bytes: Data)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: self.directory).sorted()
        return names.compactMap { name in
            FileManager.default.contents(atPath: "\(self.directory)/\(name)").map { (name: name, bytes: $0) }
        }
    }
}
