import GRPCCore
import Logging
import NIOCore
import NIOPosix
import Primitives
import Serving
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Trust

@testable import ManagerNode

/// Whoever calls says in metadata whose certificate it has: "cluster/swarm-worker/node", with "!" after it if the
/// certificate has expired.
struct TestCertificate: ConnectionSecurity, ListenerSecurity {
    static let key = "test-certificate"

    var text: String?

    init(_ text: String? = nil) { self.text = text }

    static func manager(_ node: String) -> Self { Self("c1/swarm-manager/\(node)") }
    static func worker(_ node: String) -> Self { Self("c1/swarm-worker/\(node)") }

    func secure(_ channel: any Channel, to name: ServerName) -> EventLoopFuture<Void> {
        channel.eventLoop.makeSucceededVoidFuture()
    }

    var metadata: Metadata { self.text.map { [Self.key: .string($0)] } ?? [:] }

    func admit(_ channel: any Channel, _ ready: @escaping Ready) -> EventLoopFuture<Void> {
        ready(ConnectedPeer(PeerIdentity(.stranger)))
    }

    func identify(_ peer: ConnectedPeer, _ metadata: Metadata) -> PeerIdentity {
        guard let text = metadata[stringValues: Self.key].first(where: { _ in true }) else {
            return PeerIdentity(.stranger)
        }
        let parts = text.trimmingPrefix("!").split(separator: "/").map(String.init)
        guard parts.count == 3, let role = NodeName.Role(rawValue: parts[1]) else {
            return PeerIdentity(.stranger)
        }
        let name = NodeName(cluster: parts[0], role: role, node: parts[2])
        return PeerIdentity(text.hasPrefix("!") ? .expired(name) : .node(name))
    }
}

/// A manager of the cluster `c1` on loopback: what stands before its services, and services that note who calls.
final class AccessManager: Sendable {
    let name: String
    let calls = Mutex<[PeerIdentity]>([])
    let refusals = RefusalCounters()
    /// "host:port" of the leader, empty while there is none; nil where this manager leads itself.
    let leader: Mutex<String?>
    let state = Mutex(AccessManager.cluster)
    /// What the calls with an answer do before they give it.
    let work = Mutex<@Sendable () async throws -> Void>({})

    init(_ name: String, leader: String?) {
        self.name = name
        self.leader = Mutex(leader)
    }

    /// A cluster with managers, workers, a manager that was demoted and a node that was removed.
    static var cluster: StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: Timestamp(seconds: 1))
        let cluster = SwarmCluster.with {
            $0.id = "c1"
            $0.spec.annotations.name = "default"
            $0.blacklistedCertificates["removed"] = SwarmBlacklistedCertificate()
        }
        try? transaction.create(cluster)
        for id in ["m1", "m2", "m3", "w1", "demoted"] {
            let node = SwarmNode.with {
                $0.id = id
                $0.role = id.hasPrefix("m") ? .manager : .worker
            }
            try? transaction.create(node)
        }
        return transaction.state
    }

    /// Runs the manager, and `body` with its port.
    func run<Result: Sendable>(
        limits: LeaderConnection.Limits = AccessManager.quick,
        listener: RPCPolicy.Listener = .remote,
        _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let connection = LeaderConnection(
            isLeader: { self.leader.withLock { $0 == nil } },
            leader: { self.leader.withLock { $0.flatMap { $0.isEmpty ? nil : $0 } } },
            limits: limits
        ) { address, use in
            try await ManagerConnection.withClient(
                to: address,
                security: TestCertificate.manager(self.name),
                within: .seconds(2),
                use
            )
        }
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let authorizer = Authorizer(
            sources: Authorizer.Sources(
                clusterID: "c1",
                state: { self.state.withLock { $0 } },
                isLeader: { self.leader.withLock { $0 == nil } }
            ),
            counters: self.refusals,
            now: { Timestamp(seconds: 1) },
            log: log
        )
        let forwarder = Forwarder(listener, leader: connection, counters: self.refusals)
        let server = APIServer(
            listener: try TCPListener(
                address: "127.0.0.1:0",
                security: TestCertificate(),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton
            ),
            services: [
                NotingDispatcher(manager: self), NotingBroker(manager: self), NotingNetworks(manager: self),
            ],
            interceptors: listener == .remote ? [authorizer, forwarder] : [forwarder],
            log: log
        )
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        return try await withThrowingTaskGroup(of: Optional<Result>.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run(onReady: { bound.yield($0.port ?? 0) })
                return nil
            }
            group.addTask {
                await connection.run()
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(port) }
                return nil
            }
            guard let result = try await group.next() ?? nil else { throw CancellationError() }
            return result
        }
    }

    /// Waits short times only.
    static let quick = LeaderConnection.Limits(
        interval: .milliseconds(2),
        patience: .milliseconds(800),
        pauses: .milliseconds(2)...(.milliseconds(20))
    )

    func note(_ context: ServerContext) { self.calls.withLock { $0.append(context.peer) } }

    /// The caller of the last call that got through.
    var last: PeerIdentity? { self.calls.withLock { $0.last } }

    func count(_ reason: Refusal.Reason) -> UInt64 {
        self.refusals.counts.first { $0.reason == reason }?.count ?? 0
    }
}

/// A dispatcher whose answers say who answers.
struct NotingDispatcher: SwarmDispatcher.SimpleServiceProtocol {
    let manager: AccessManager

    func session(
        request: SwarmSessionRequest,
        response: RPCWriter<SwarmSessionMessage>,
        context: ServerContext
    ) async throws {
        self.manager.note(context)
        for number in 1...3 {
            try await response.write(.with { $0.sessionID = "\(self.manager.name)-\(number)" })
        }
        // Until the caller goes away.
        try await context.whileConnected {
            for await _ in AsyncStream<Never>(bufferingPolicy: .bufferingOldest(1), { _ in }) {}
        }
        self.manager.calls.withLock { $0 = [] }
    }

    func heartbeat(
        request: SwarmHeartbeatRequest,
        context: ServerContext
    ) async throws -> SwarmHeartbeatResponse {
        self.manager.note(context)
        let rest = CallTimeout.rest
        let work = self.manager.work.withLock { $0 }
        try await context.whileConnected { try await work() }
        return .with { $0.period = (rest ?? .zero).protobuf }
    }

    func updateTaskStatus(
        request: SwarmUpdateTaskStatusRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateTaskStatusResponse { .init() }

    func updateVolumeStatus(
        request: SwarmUpdateVolumeStatusRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateVolumeStatusResponse { .init() }

    func tasks(
        request: SwarmTasksRequest,
        response: RPCWriter<SwarmTasksMessage>,
        context: ServerContext
    ) async throws {}

    func assignments(
        request: SwarmAssignmentsRequest,
        response: RPCWriter<SwarmAssignmentsMessage>,
        context: ServerContext
    ) async throws { throw RPCError(code: .invalidArgument, message: "session invalid") }
}

/// A broker that counts what is published.
struct NotingBroker: SwarmLogBroker.SimpleServiceProtocol {
    let manager: AccessManager

    func listenSubscriptions(
        request: SwarmListenSubscriptionsRequest,
        response: RPCWriter<SwarmSubscriptionMessage>,
        context: ServerContext
    ) async throws {}

    func publishLogs(
        request: RPCAsyncSequence<SwarmPublishLogsMessage, any Error>,
        context: ServerContext
    ) async throws -> SwarmPublishLogsResponse {
        var count = 0
        for try await _ in request { count += 1 }
        for _ in 0..<count { self.manager.note(context) }
        return .init()
    }
}

/// Networks that can be attached to, after the manager's work.
struct NotingNetworks: SwarmResourceAllocator.SimpleServiceProtocol {
    let manager: AccessManager

    func attachNetwork(
        request: SwarmAttachNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmAttachNetworkResponse {
        self.manager.note(context)
        let work = self.manager.work.withLock { $0 }
        try await context.whileConnected { try await work() }
        return .with { $0.attachmentID = self.manager.name }
    }

    func detachNetwork(
        request: SwarmDetachNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmDetachNetworkResponse { .init() }
}
