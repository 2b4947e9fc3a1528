package import Logging
import NIOPosix
package import Primitives
import Replication
import ReplicatedStore
import SwarmAPI
import SwiftProtobuf
import Synchronization

/// A manager: the log, the store on it, the servers in front, and the leader's term while this one leads.
///
/// All of it starts and ends together. SwarmKit `manager/manager.go`.
package struct Manager: Sendable {
    private let configuration: ManagerConfiguration
    private let clock: any WallClock
    private let log: Logger

    package init(configuration: ManagerConfiguration, clock: any WallClock, log: Logger) {
        self.configuration = configuration
        self.clock = clock
        self.log = log
    }

    /// Works until it is cancelled or a part of it fails.
    ///
    /// `onReady` gets the "host:port" that agents connect to, once connections are accepted and this
    /// manager's store answers.
    package func run(onReady: @escaping @Sendable (String) -> Void) async throws {
        let storage = try LogStorage(directory: "\(self.configuration.stateDirectory)/raft")
        let proposer = try SoloProposer(storage: storage, member: self.member(address: ""))
        let clock = self.clock
        let store = ReplicatedStore(proposer: proposer, now: { clock.now }, logger: self.log)
        let (addresses, bound) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
        let parts = ManagerParts(
            configuration: self.configuration,
            store: store,
            proposer: proposer,
            clock: clock,
            log: self.log
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await proposer.run() }
            group.addTask { try await store.run() }
            group.addTask { try await parts.console.run() }
            group.addTask { try await self.serveAgents(parts) { bound.yield($0) } }
            group.addTask { try await self.serveOperators(parts) }
            group.addTask {
                for await address in addresses {
                    parts.address.withLock { $0 = address }
                    try await self.leadWhenElected(parts) { onReady(address) }
                }
            }
            // Whatever stops first, the rest cannot do without it.
            try await group.next()
        }
    }

    /// Runs a term each time this manager is elected.
    private func leadWhenElected(_ parts: ManagerParts, onReady: @escaping @Sendable () -> Void) async throws
    {
        for await leadership in await parts.store.leaderships() {
            guard case .leader(let term) = leadership else { continue }
            self.log.notice("this manager leads", metadata: ["term": "\(term)"])
            try await parts.store.update { [parts] in try parts.bootstrap().apply(to: &$0) }
            onReady()
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await parts.term(term).run() }
                group.addTask {
                    for await present in await parts.store.leaderships() where present != leadership {
                        return
                    }
                }
                try await group.next()
            }
        }
    }

    /// Serves agents on the network; what operators may do is not reachable there as long as nobody can
    /// prove to be one.
    private func serveAgents(_ parts: ManagerParts, bound: @escaping @Sendable (String) -> Void) async throws
    {
        let listener = try TCPListener(
            address: self.configuration.listenAddress,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            log: self.log
        )
        let server = APIServer(listener: listener, services: parts.agentServices)
        let advertised = self.configuration.advertiseAddress
        try await server.run(onReady: { address in
            let actual = ManagerParts.text(of: address)
            self.log.info("agents connect here", metadata: ["address": "\(actual)"])
            bound(advertised.isEmpty ? actual : advertised)
        })
    }

    /// Serves the local socket: the commands, the console, and SwarmKit's tools.
    private func serveOperators(_ parts: ManagerParts) async throws {
        let listener = try UnixListener(
            path: self.configuration.socketPath,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            log: self.log
        )
        let path = self.configuration.socketPath
        try await APIServer(listener: listener, services: parts.operatorServices).run(onReady: { _ in
            self.log.info("operators connect here", metadata: ["socket": "\(path)"])
        })
    }

    private func member(address: String) -> SwarmRaftMember {
        .with {
            $0.raftID = self.configuration.raftID
            $0.nodeID = self.configuration.nodeID
            $0.addr = address
        }
    }
}
