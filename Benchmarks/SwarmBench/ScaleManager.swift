import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// A manager as far as a console uses one, of a cluster that never rests: there are no nodes behind it.
final class ScaleManager: Sendable {
    /// How large the cluster is; the nodes are `node-0000` and so on.
    static let nodes = 1_000
    static let services = 100
    static let tasks = 10_000
    /// A change of so many tasks, as often as this.
    private static let batch = 20
    private static let pause: Duration = .milliseconds(20)

    /// How many changes were sent.
    var sent: Int { self.count.withLock { $0 } }
    private let count = Mutex(0)

    /// Serves at `path` while `body` runs.
    func serve<Result: Sendable>(
        at path: String,
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let transport = HTTP2ServerTransport.Posix(
            address: .unixDomainSocket(path: path),
            transportSecurity: .plaintext
        )
        let services: [any RegistrableRPCService] = [
            ScaleControl(), ScaleWatch(manager: self), ScaleStatus(),
        ]
        let server = GRPCServer(transport: transport, services: services)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            _ = try await transport.listeningAddress
            let result = try await body()
            group.cancelAll()
            return result
        }
    }

    /// Writes changes of tasks for as long as somebody reads them.
    fileprivate func play(_ write: (SwarmWatchMessage) async throws -> Void) async throws {
        try await write(SwarmWatchMessage())
        var dice = SeededGenerator(seed: 1)
        let states: [SwarmTaskState] = [.starting, .running, .running, .running, .failed, .preparing]
        var due = ContinuousClock.now
        for version in UInt64(2)... {
            let changes = (0..<Self.batch).map { _ in
                let number = Int.random(in: 0..<Self.tasks, using: &dice)
                let state = states[Int.random(in: 0..<states.count, using: &dice)]
                return Self.task(number, state, version: version)
            }
            try await write(
                .with {
                    $0.version.index = version
                    $0.events = changes.map { task in
                        .with {
                            $0.action = .watchActionUpdate
                            $0.object.task = task
                        }
                    }
                }
            )
            self.count.withLock { $0 += changes.count }
            due += Self.pause
            try await Task.sleep(until: due)
        }
    }
}

// MARK: The cluster

extension ScaleManager {
    fileprivate static var moment: SwarmTimestamp {
        .with { $0.seconds = Int64(Date().timeIntervalSince1970) }
    }

    fileprivate static func node(_ number: Int) -> SwarmNode {
        .with {
            let digits = String(number)
            $0.description_p.hostname = "node-" + String(repeating: "0", count: 4 - digits.count) + digits
            $0.id = "id-\($0.description_p.hostname)"
            $0.meta.version.index = 1
            $0.status.state = .ready
            $0.description_p.resources.nanoCpus = 16_000_000_000
            $0.description_p.resources.memoryBytes = 64 << 30
        }
    }

    fileprivate static func service(_ number: Int) -> SwarmService {
        .with {
            $0.id = "service-\(number)"
            $0.meta.version.index = 1
            $0.meta.createdAt = Self.moment
            $0.spec.annotations.name = "service-\(number)"
            $0.spec.replicated.replicas = UInt64(Self.tasks / Self.services)
            $0.spec.task.container.image = "registry.example/team/app:5.1"
        }
    }

    fileprivate static func task(_ number: Int, _ state: SwarmTaskState, version: UInt64) -> SwarmTask {
        .with {
            $0.id = "task-\(number)"
            $0.meta.version.index = version
            $0.meta.createdAt = Self.moment
            $0.serviceID = "service-\(number % Self.services)"
            $0.serviceAnnotations.name = $0.serviceID
            $0.slot = UInt64(number / Self.services + 1)
            $0.nodeID = Self.node(number % Self.nodes).id
            $0.desiredState = .running
            $0.status.state = state
            $0.status.timestamp = Self.moment
            $0.status.message = state == .failed ? "exit code 137" : "\(state)"
            $0.spec.container.image = "registry.example/team/app:5.1"
            $0.spec.resources.reservations.memoryBytes = 1 << 28
        }
    }
}

// MARK: Its services

private struct ScaleWatch: SwarmWatch.SimpleServiceProtocol {
    let manager: ScaleManager

    func watch(
        request: SwarmWatchRequest,
        response: RPCWriter<SwarmWatchMessage>,
        context: ServerContext
    ) async throws {
        try await self.manager.play { try await response.write($0) }
    }
}

private struct ScaleStatus: SwarmdConsole.SimpleServiceProtocol {
    func status(
        request: SwarmdStatusRequest,
        response: RPCWriter<SwarmdConsoleStatus>,
        context: ServerContext
    ) async throws {
        try await response.write(
            .with {
                $0.clusterName = "scale"
                $0.nodeID = "id-node-0000"
                $0.raft.leaderID = "id-node-0000"
                $0.raft.members = [
                    .with {
                        ($0.nodeID, $0.raftID, $0.leader, $0.reachable) = ("id-node-0000", 1, true, true)
                    }
                ]
            }
        )
        try await Task.sleep(for: .seconds(86_400))
    }

    func preview(
        request: SwarmdPreviewRequest,
        context: ServerContext
    ) async throws -> SwarmdPreviewResponse { .init() }

    func transferLeadership(
        request: SwarmdTransferLeadershipRequest,
        context: ServerContext
    ) async throws -> SwarmdTransferLeadershipResponse { .init() }
}

/// The listings of the Control API; the rest is not there.
private struct ScaleControl: RegistrableRPCService {
    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        self.answer(SwarmControl.Method.ListClusters.descriptor, of: &router) {
            (_: SwarmListClustersRequest) in
            SwarmListClustersResponse.with { $0.clusters = [.with { $0.id = "scale" }] }
        }
        self.answer(SwarmControl.Method.ListNodes.descriptor, of: &router) { (_: SwarmListNodesRequest) in
            SwarmListNodesResponse.with { $0.nodes = (0..<ScaleManager.nodes).map(ScaleManager.node) }
        }
        self.answer(SwarmControl.Method.ListServices.descriptor, of: &router) {
            (_: SwarmListServicesRequest) in
            SwarmListServicesResponse.with {
                $0.services = (0..<ScaleManager.services).map(ScaleManager.service)
            }
        }
        self.answer(SwarmControl.Method.ListTasks.descriptor, of: &router) { (_: SwarmListTasksRequest) in
            SwarmListTasksResponse.with {
                $0.tasks = (0..<ScaleManager.tasks).map { ScaleManager.task($0, .running, version: 1) }
            }
        }
        self.answer(SwarmControl.Method.ListNetworks.descriptor, of: &router) {
            (_: SwarmListNetworksRequest) in
            SwarmListNetworksResponse()
        }
        self.answer(SwarmControl.Method.ListSecrets.descriptor, of: &router) { (_: SwarmListSecretsRequest) in
            SwarmListSecretsResponse()
        }
        self.answer(SwarmControl.Method.ListConfigs.descriptor, of: &router) { (_: SwarmListConfigsRequest) in
            SwarmListConfigsResponse()
        }
    }

    private func answer<Request: Message, Answer: Message, Transport: ServerTransport>(
        _ method: MethodDescriptor,
        of router: inout RPCRouter<Transport>,
        _ body: @escaping @Sendable (Request) throws -> Answer
    ) {
        router.registerHandler(
            forMethod: method,
            deserializer: ProtobufDeserializer<Request>(),
            serializer: ProtobufSerializer<Answer>()
        ) { stream, _ in
            let request = try await ServerRequest(stream: stream)
            return StreamingServerResponse(single: ServerResponse(message: try body(request.message)))
        }
    }
}
