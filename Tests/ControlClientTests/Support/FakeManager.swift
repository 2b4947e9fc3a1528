import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// A manager on a unix socket, as far as a feed uses one.
///
/// It lists what a test has put there, and leaves each watch and each status stream to the test.
final class FakeManager: Sendable {
    struct Contents: Sendable {
        var clusters: [SwarmCluster] = []
        var nodes: [SwarmNode] = []
        var services: [SwarmService] = []
        var tasks: [SwarmTask] = []
        /// What listings of tasks fail with.
        var listFailure: RPCError?
        /// What was asked for of services and tasks, in order.
        var serviceRequests: [SwarmListServicesRequest] = []
        var taskRequests: [SwarmListTasksRequest] = []
        /// How often the status was asked for.
        var statusRequests = 0
    }

    /// The streaming calls of one time of service.
    private struct Calls {
        var ends: [@Sendable () -> Void] = []
        var isCutOff = false
    }

    typealias OpenStatus = OpenCall<SwarmdStatusRequest, SwarmdConsoleStatus>

    private let contents = Mutex(Contents())
    private let calls = Mutex(Calls())
    private let hasConsole: Bool
    private let watches: AsyncStream<OpenWatch>
    private let statuses: AsyncStream<OpenStatus>
    fileprivate let watchArrived: AsyncStream<OpenWatch>.Continuation
    fileprivate let statusArrived: AsyncStream<OpenStatus>.Continuation

    /// Docker's managers have no console.
    init(hasConsole: Bool = true) {
        self.hasConsole = hasConsole
        (self.watches, self.watchArrived) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
        (self.statuses, self.statusArrived) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
    }

    func read<Result: Sendable>(_ body: (Contents) -> Result) -> Result {
        self.contents.withLock { body($0) }
    }
    func change<Result: Sendable>(_ body: (inout Contents) -> Result) -> Result {
        self.contents.withLock { body(&$0) }
    }

    /// The next watch that a feed asks for.
    func nextWatch() async throws -> OpenWatch {
        for await watch in self.watches { return watch }
        throw CancellationError()
    }

    /// The next status stream that a feed asks for.
    func nextStatus() async throws -> OpenStatus {
        for await status in self.statuses { return status }
        throw CancellationError()
    }

    /// Serves at `path` while `body` runs; then stops listening, and cuts off the calls that are open.
    ///
    /// The server isn't cancelled, and the socket is gone before a feed learns that it should connect anew:
    /// NIO traps when the end of a listener meets a connection that was just accepted
    /// (apple/swift-nio#2637 and #2813).
    func serve<Result: Sendable>(
        at path: String,
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let transport = HTTP2ServerTransport.Posix(
            address: .unixDomainSocket(path: path),
            transportSecurity: .plaintext
        )
        var services: [any RegistrableRPCService] = [FakeControl(manager: self), FakeWatch(manager: self)]
        if self.hasConsole { services.append(FakeConsole(manager: self)) }
        let server = GRPCServer(transport: transport, services: services)
        self.calls.withLock { $0 = Calls() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            _ = try await transport.listeningAddress
            let result = try await body()
            server.beginGracefulShutdown()
            while FileManager.default.fileExists(atPath: path) {
                try Task.checkCancellation()
                await Task.yield()
            }
            self.cutOff()
            try await group.waitForAll()
            return result
        }
    }

    private func cutOff() {
        let open = self.calls.withLock { calls in
            calls.isCutOff = true
            return calls.ends
        }
        for end in open { end() }
    }

    /// Keeps a call until the server stops; one that comes later is cut off at once.
    fileprivate func keep<Request, Answer>(_ call: OpenCall<Request, Answer>) {
        let end: @Sendable () -> Void = {
            call.fail(RPCError(code: .unavailable, message: "the daemon stops"))
        }
        let isCutOff = self.calls.withLock { calls in
            calls.ends.append(end)
            return calls.isCutOff
        }
        if isCutOff { end() }
    }
}

private struct FakeWatch: SwarmWatch.SimpleServiceProtocol {
    let manager: FakeManager

    func watch(
        request: SwarmWatchRequest,
        response: RPCWriter<SwarmWatchMessage>,
        context: ServerContext
    ) async throws {
        let call = OpenWatch(request)
        self.manager.keep(call)
        self.manager.watchArrived.yield(call)
        try await call.play { try await response.write($0) }
    }
}

private struct FakeConsole: SwarmdConsole.SimpleServiceProtocol {
    let manager: FakeManager

    func status(
        request: SwarmdStatusRequest,
        response: RPCWriter<SwarmdConsoleStatus>,
        context: ServerContext
    ) async throws {
        let call = FakeManager.OpenStatus(request)
        self.manager.change { $0.statusRequests += 1 }
        self.manager.keep(call)
        self.manager.statusArrived.yield(call)
        try await call.play { try await response.write($0) }
    }

    func preview(
        request: SwarmdPreviewRequest,
        context: ServerContext
    ) async throws -> SwarmdPreviewResponse {
        .with { $0.stopping = UInt32(request.nodes.count) }
    }

    func transferLeadership(
        request: SwarmdTransferLeadershipRequest,
        context: ServerContext
    ) async throws -> SwarmdTransferLeadershipResponse {
        throw RPCError(code: .unimplemented, message: "this manager is the only one")
    }
}

/// The listings of the Control API, the last three empty; the rest is not there.
private struct FakeControl: RegistrableRPCService {
    let manager: FakeManager

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        let manager = self.manager
        self.answer(SwarmControl.Method.ListClusters.descriptor, of: &router) {
            (_: SwarmListClustersRequest) in
            SwarmListClustersResponse.with { $0.clusters = manager.read(\.clusters) }
        }
        self.answer(SwarmControl.Method.ListNodes.descriptor, of: &router) { (_: SwarmListNodesRequest) in
            SwarmListNodesResponse.with { $0.nodes = manager.read(\.nodes) }
        }
        self.answer(SwarmControl.Method.ListServices.descriptor, of: &router) {
            (request: SwarmListServicesRequest) in
            manager.change { $0.serviceRequests.append(request) }
            return SwarmListServicesResponse.with { $0.services = manager.read(\.services) }
        }
        self.answer(SwarmControl.Method.ListTasks.descriptor, of: &router) {
            (request: SwarmListTasksRequest) in
            manager.change { $0.taskRequests.append(request) }
            if let failure = manager.read(\.listFailure) { throw failure }
            return SwarmListTasksResponse.with { $0.tasks = manager.read(\.tasks) }
        }
        self.answer(SwarmControl.Method.ListNetworks.descriptor, of: &router) {
            (_: SwarmListNetworksRequest) in SwarmListNetworksResponse()
        }
        self.answer(SwarmControl.Method.ListSecrets.descriptor, of: &router) {
            (_: SwarmListSecretsRequest) in SwarmListSecretsResponse()
        }
        self.answer(SwarmControl.Method.ListConfigs.descriptor, of: &router) {
            (_: SwarmListConfigsRequest) in SwarmListConfigsResponse()
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
