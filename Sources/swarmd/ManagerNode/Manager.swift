package import Logging
import NIOCore
package import Primitives
import Replication
import ReplicatedStore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// A manager: its part in the raft group, the store on that, the servers in front, and the leader's term
/// while this one leads.
///
/// All of it starts and ends together. SwarmKit `manager/manager.go`.
package struct Manager: Sendable {
    private let configuration: ManagerConfiguration
    private let clock: any WallClock
    private let steady: any WallClock
    private let log: Logger

    /// `clock` dates what happens; `steady`, which must not jump, measures agents' deadlines.
    package init(
        configuration: ManagerConfiguration,
        clock: any WallClock,
        steady: any WallClock,
        log: Logger
    ) {
        self.configuration = configuration
        self.clock = clock
        self.steady = steady
        self.log = log
    }

    /// Works until `stopRequested` returns, it is cancelled, or a part of it fails.
    ///
    /// When it is asked to stop while it leads, it hands leadership over first. `onReady` gets the "host:port"
    /// that agents connect to, once connections are accepted and this manager's store answers.
    package func run(
        until stopRequested: @escaping @Sendable () async -> Void,
        onReady: @escaping @Sendable (String) -> Void
    ) async throws {
        guard let entry = try await self.enter(until: stopRequested) else { return }
        let storage = try self.openLog()
        let clock = self.clock
        let executor = self.configuration.executor
        let links = PeerLinks(
            member: entry.origin.raftID,
            security: self.configuration.security.connections,
            snapshots: storage.snapshots,
            loop: executor.loop,
            log: self.log
        )
        let proposer = try GroupProposer(
            storage: storage,
            origin: entry.origin,
            transport: links,
            seed: UInt64.random(in: .min ... .max),
            now: { clock.now },
            turns: executor,
            log: self.log
        )
        try entry.keep()
        let store = ReplicatedStore(proposer: proposer, now: { clock.now }, logger: self.log)
        let parts = ManagerParts(
            configuration: self.configuration,
            store: store,
            proposer: proposer,
            executor: executor,
            clock: clock,
            steady: self.steady,
            log: self.log
        )
        let (addresses, bound) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask(executorPreference: parts.executor) { try await proposer.run() }
            group.addTask(executorPreference: parts.executor) { try await store.run() }
            group.addTask(executorPreference: parts.planning) { try await parts.console.run() }
            if let watcher = parts.keyWatcher() { group.addTask { try await watcher.run() } }
            group.addTask { await parts.leader.run() }
            if self.configuration.audit == nil { group.addTask { await parts.audit.run() } }
            group.addTask { try await self.serveAgents(parts, at: entry.address) { bound.yield($0) } }
            group.addTask { try await self.serveOperators(parts) }
            group.addTask {
                for await address in addresses {
                    parts.address.withLock { $0 = address }
                    links.announce(address)
                    try await self.takePart(parts) { onReady(address) }
                }
            }
            group.addTask { await Self.handOver(proposer, when: stopRequested) }
            // Whatever stops first, the rest cannot do without it.
            try await Self.firstEnd(of: &group)
        }
    }

    /// A leader that is asked to stop goes when another member leads.
    private static func handOver(
        _ proposer: GroupProposer,
        when stopRequested: @Sendable () async -> Void
    ) async {
        await stopRequested()
        await proposer.handOver()
    }

    /// Enters the group; nil if it was asked to stop before it was taken in.
    private func enter(
        until stopRequested: @escaping @Sendable () async -> Void
    ) async throws -> GroupEntry.Entered? {
        try await withThrowingTaskGroup(of: GroupEntry.Entered?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await GroupEntry(self.configuration, log: self.log).enter() }
            group.addTask {
                await stopRequested()
                return nil
            }
            return try await group.next() ?? nil
        }
    }

    /// Opens the log with the keys of the node's key file.
    private func openLog() throws -> LogStorage {
        let directory = self.configuration.raftDirectory
        guard let keys = self.configuration.keys else { return try LogStorage(directory: directory) }
        return try LogStorage(directory: directory, keys: LogKeys.ring(keys.store, directory: directory))
    }

    /// Returns or throws as the first part that ends.
    ///
    /// That the log is closed is not the reason: the log itself says why.
    private static func firstEnd(of group: inout ThrowingTaskGroup<Void, any Error>) async throws {
        while true {
            do {
                try await group.next()
                return
            } catch ProposalError.closed where !group.isEmpty {
                continue
            }
        }
    }

    /// Keeps this member's address true, and leads when elected.
    private func takePart(
        _ parts: ManagerParts,
        onReady: @escaping @Sendable () -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await parts.addressKeeper().run()
            }
            group.addTask {
                // A member that does not lead is ready when it knows a leader and has what that one had.
                while !Task.isCancelled {
                    if (try? await parts.store.linearizable()) != nil, await parts.isBootstrapped { break }
                    try await self.clock.sleep(until: self.clock.now + .milliseconds(20))
                }
                onReady()
                for await _ in AsyncStream<Never>(bufferingPolicy: .bufferingOldest(1), { _ in }) {}
            }
            group.addTask { try await self.leadWhenElected(parts) }
            try await group.next()
        }
    }

    /// Runs a term each time this manager is elected.
    private func leadWhenElected(_ parts: ManagerParts) async throws {
        for await leadership in await parts.store.leaderships() {
            guard case .leader(let term) = leadership else { continue }
            self.log.notice("this manager leads", metadata: ["term": "\(term)"])
            do {
                try await self.lead(parts, leadership)
            } catch let error as ProposalError where error == .notLeader || error == .lostLeadership {
                self.log.notice("this manager no longer leads", metadata: ["term": "\(term)"])
            }
        }
    }

    private func lead(_ parts: ManagerParts, _ leadership: Leadership) async throws {
        let bootstrap = try await parts.bootstrap()
        try await parts.store.update { try bootstrap.apply(to: &$0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await parts.term().run() }
            group.addTask {
                for await present in await parts.store.leaderships() where present != leadership { return }
            }
            try await group.next()
        }
    }

    /// Serves agents and members on the network; what operators may do is not reachable there as long as
    /// nobody can prove to be one.
    private func serveAgents(
        _ parts: ManagerParts,
        at address: String,
        bound: @escaping @Sendable (String) -> Void
    ) async throws {
        let listener = try TCPListener(
            address: address,
            security: self.configuration.security.remote,
            eventLoopGroup: parts.executor.loop
        )
        let server = APIServer(
            listener: listener,
            services: parts.agentServices,
            interceptors: parts.agentInterceptors,
            executors: [parts.executor],
            takesLong: ManagerParts.takesLong,
            log: self.log
        )
        try await server.run(onReady: { address in
            let actual = ManagerParts.text(of: address)
            self.log.info("agents connect here", metadata: ["address": "\(actual)"])
            bound(self.configuration.advertised(for: actual))
        })
    }

    /// Serves the commands, the console, and SwarmKit's tools on the daemon's local socket.
    private func serveOperators(_ parts: ManagerParts) async throws {
        try await self.configuration.board.serve(
            parts.operatorServices,
            interceptors: parts.operatorInterceptors,
            unary: parts.operatorProcedures
        )
    }
}

extension LoopExecutor: Turns {}
