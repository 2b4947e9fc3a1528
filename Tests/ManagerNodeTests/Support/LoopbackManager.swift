import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import NIOCore
import NIOPosix
import Primitives
import ReplicatedStore
import ServerTesting
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

@testable import ManagerNode

/// A manager's services for agents on a real loopback connection, over a log in memory.
struct LoopbackManager: Sendable {
    struct TimedOut: Error {}

    let proposer: MemoryProposer
    let store: ReplicatedStore
    let dispatcher: Dispatcher
    let broker: LogBroker
    let client: GRPCClient<HTTP2ClientTransport.Posix>
    /// The dispatcher's clocks: the one that dates, and the one that measures deadlines.
    let clock: SteppedClock
    let steady: SteppedClock
    /// Ends the dispatcher's term, as the loss of leadership does.
    let endTerm: @Sendable () -> Void

    /// Runs `body` with a manager that has a cluster with heartbeats of 5 s and the nodes `n1` and `n2`.
    static func run(
        _ body: @escaping @Sendable (LoopbackManager) async throws -> Void
    ) async throws {
        let proposer = MemoryProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Self.now() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await store.run() }
            for await leadership in await store.leaderships() where leadership != .follower { break }
            try await Self.seed(store)
            let (clock, steady) = (SteppedClock(), SteppedClock())
            let dispatcher = Self.dispatcher(on: store, clock, steady)
            let broker = LogBroker(store: store, makeID: Self.makeID)
            var changes = dispatcher.sessionChanges().makeAsyncIterator()
            let (ends, end) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
            group.addTask { await Self.run(dispatcher, until: ends) }
            group.addTask { await broker.run() }
            await changes.next()
            // The broker answers from the moment on that its term began.
            while (try? broker.pipe(of: "") == nil) == nil { await Task.yield() }
            let services: [any RegistrableRPCService] = [
                DispatcherService(dispatcher: dispatcher), LogsService(broker: broker),
                LogBrokerService(broker: broker),
                NodeCAService(store: store, clock: clock, makeID: Self.makeID),
            ]
            let (bound, binding) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
            let listener = try TCPListener(
                address: "127.0.0.1:0",
                security: UncertifiedCallers(),
                eventLoopGroup: .singletonMultiThreadedEventLoopGroup
            )
            group.addTask {
                let server = APIServer(listener: listener, services: services, log: Logger(label: "test"))
                try await server.run(onReady: { binding.yield($0.port ?? 0) })
            }
            for await port in bound {
                let transport = try HTTP2ClientTransport.Posix(
                    target: .ipv4(address: "127.0.0.1", port: port),
                    transportSecurity: .plaintext
                )
                try await withGRPCClient(transport: transport) { client in
                    try await body(
                        LoopbackManager(
                            proposer: proposer,
                            store: store,
                            dispatcher: dispatcher,
                            broker: broker,
                            client: client,
                            clock: clock,
                            steady: steady,
                            endTerm: { end.yield() }
                        )
                    )
                }
                break
            }
        }
    }

    /// Runs the dispatcher's term until it is told to end.
    private static func run(_ dispatcher: Dispatcher, until ends: AsyncStream<Void>) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await dispatcher.run() }
            for await _ in ends { break }
            group.cancelAll()
        }
    }

    /// Waits until the committed state satisfies the condition; fails after five seconds.
    func waitFor(_ condition: @escaping @Sendable (StoreState) -> Bool) async throws {
        let store = self.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                let watch = await store.watch(limit: 10_000)
                if condition(watch.state) { return }
                for await commit in watch.commits where condition(commit.state) { return }
                throw TimedOut()
            }
            group.addTask {
                try await ContinuousClock().sleep(for: .seconds(5))
                throw TimedOut()
            }
            try await group.next()
        }
    }

    func add<Object: StoreObject>(_ object: Object) async throws {
        try await self.store.update { try $0.create(object) }
    }

    /// What a node sends with each call.
    static func metadata(_ node: String) -> Metadata { [UncertifiedNode.metadataKey: "\(node)"] }

    /// A task on the node, as the scheduler leaves it.
    static func task(_ id: String, on node: String, _ state: SwarmTaskState = .assigned) -> SwarmTask {
        .with {
            $0.id = id
            $0.nodeID = node
            $0.serviceID = "s1"
            $0.status.state = state
            $0.desiredState = .running
        }
    }

    @Sendable static func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        return Identifier.make(using: &generator)
    }

    private static let start = ContinuousClock.now

    private static func now() -> Timestamp {
        Timestamp(seconds: 1_700_000_000) + (ContinuousClock.now - Self.start)
    }

    private static func dispatcher(
        on store: ReplicatedStore,
        _ clock: SteppedClock,
        _ steady: SteppedClock
    ) -> Dispatcher {
        let manager = SwarmWeightedPeer.with {
            $0.peer.nodeID = "manager"
            $0.peer.addr = "127.0.0.1:4242"
            $0.weight = 10
        }
        return Dispatcher(
            store: store,
            managerID: "manager",
            managers: { [manager] },
            seed: 1,
            clock: clock,
            steady: steady,
            log: Logger(label: "test")
        )
    }

    private static func seed(_ store: ReplicatedStore) async throws {
        try await store.update { transaction in
            try transaction.create(
                SwarmCluster.with {
                    $0.id = "cluster"
                    $0.spec.annotations.name = "default"
                    $0.spec.dispatcher.heartbeatPeriod.seconds = 5
                }
            )
            for id in ["n1", "n2"] { try transaction.create(SwarmNode.with { $0.id = id }) }
        }
    }
}
