import BenchSupport
import Foundation
import LinuxSystem
import RaftCore
import ReplicatedStore
import Replication
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// Three members of this process: stores, logs in real files, and a network in memory.
///
/// As in the daemon, a member's store and log are on one event loop; the followers share theirs, so that the machine's
/// two processors have about as much to do.
struct CoreGroup: Sendable {
    /// Why the group did not come to be.
    enum Failure: Error { case noLeader }

    private let stores: [ReplicatedStore]
    private let proposers: [GroupProposer]
    private let network = MemoryNetwork()
    private let executors = (leader: LoopExecutor(), followers: LoopExecutor())

    /// The leader's store.
    var leader: ReplicatedStore { self.stores[0] }

    /// What the leader's log did.
    var counters: LogCounters { self.proposers[0].counters }

    private init(members count: UInt64, in folder: URL) throws {
        var stores: [ReplicatedStore] = []
        var proposers: [GroupProposer] = []
        for id in 1...count {
            let origin: GroupOrigin = id == 1 ? .found(Self.member(id)) : .join(raftID: id)
            let proposer = try GroupProposer(
                storage: LogStorage(directory: folder.appending(path: "m\(id)").path),
                origin: origin,
                transport: MemoryTransport(self.network),
                seed: id,
                now: { SystemClock().now },
                turns: id == 1 ? self.executors.leader : self.executors.followers
            )
            proposers.append(proposer)
            stores.append(ReplicatedStore(proposer: proposer, now: { SystemClock().now }))
        }
        self.stores = stores
        self.proposers = proposers
    }

    /// Makes a group, runs `body` when all vote, and ends it.
    static func with<Value: Sendable>(
        members: UInt64,
        in folder: URL,
        _ body: (CoreGroup) async throws -> Value
    ) async throws -> Value {
        let core = try CoreGroup(members: members, in: folder)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            for (store, proposer) in zip(core.stores, core.proposers) {
                let executor = core.executor(of: proposer)
                group.addTask(executorPreference: executor) { await core.network.deliver(to: proposer) }
                group.addTask(executorPreference: executor) { try await proposer.run() }
                group.addTask(executorPreference: executor) { try await store.run() }
            }
            try await core.gather()
            return try await body(core)
        }
    }

    private func executor(of proposer: GroupProposer) -> LoopExecutor {
        proposer.id == self.proposers[0].id ? self.executors.leader : self.executors.followers
    }

    /// Where the leader's components run.
    var executor: LoopExecutor { self.executors.leader }

    /// Takes the other members in, once the first one leads.
    private func gather() async throws {
        let first = self.proposers[0]
        let deadline = ContinuousClock.now + .seconds(20)
        while await self.leader.leadership == .follower {
            guard ContinuousClock.now < deadline else { throw Failure.noLeader }
            try await ContinuousClock().sleep(for: .milliseconds(10))
        }
        for other in self.proposers.dropFirst() {
            try await first.add(Self.member(other.id.rawValue), asLearner: false)
        }
    }

    private static func member(_ id: UInt64) -> SwarmRaftMember {
        .with {
            $0.raftID = id
            $0.nodeID = "m\(id)"
            $0.addr = "memory"
        }
    }
}

extension LoopExecutor: Turns {}
