import GRPCCore
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// A manager on loopback TCP that records what agents say, and says what tests want.
final class FakeManager: Sendable {
    struct Contents: Sendable {
        var sessions: [SwarmSessionRequest] = []
        /// How many session streams are open now, and how often the last of them ended.
        var openSessions = 0
        var silences = 0
        /// Refuses the next session that is to be taken up again.
        var resumptionFailure: RPCError?
        var callers: Set<String> = []
        var heartbeats = 0
        var subscriptions = 0
        var updates: [[SwarmUpdateTaskStatusRequest.TaskStatusUpdate]] = []
        var published: [SwarmPublishLogsMessage] = []
        /// What the next sessions' assignments begin with.
        var assigned: [String: SwarmTask] = [:]
        var heartbeatFailure: RPCError?
        var reportFailure: RPCError?
        var issuance = SwarmIssuanceStatus.State.issued
        var enrollments: [SwarmIssueNodeCertificateRequest] = []
        var enrollmentFailure: RPCError?
        fileprivate var assignments: AsyncStream<SwarmAssignmentsMessage>.Continuation?
        fileprivate var listeners: AsyncStream<SwarmSubscriptionMessage>.Continuation?
    }

    private let contents = Mutex(Contents())
    /// The peer that sessions name; set once the port is known.
    private let address = Mutex("")

    func read<Result: Sendable>(_ body: (Contents) -> Result) -> Result {
        self.contents.withLock { body($0) }
    }
    func change<Result: Sendable>(_ body: (inout Contents) -> Result) -> Result {
        self.contents.withLock { body(&$0) }
    }

    /// Serves on `port`, or on any, until cancelled or `body` returns; passes "host:port".
    func serve<Result: Sendable>(
        port: Int = 0,
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let services: [any RegistrableRPCService] = [
            FakeDispatcher(manager: self), FakeLogBroker(manager: self), FakeAuthority(manager: self),
        ]
        return try await TestServer.run(port: port, services) { port in
            let address = "127.0.0.1:\(port)"
            self.address.withLock { $0 = address }
            return try await body(address)
        }
    }

    /// Sends a message on the newest stream of assignments.
    func assign(_ message: SwarmAssignmentsMessage) {
        self.change { contents in
            for change in message.changes {
                guard case .task(let task)? = change.assignment.item else { continue }
                contents.assigned[task.id] = change.action == .remove ? nil : task
            }
            contents.assignments?.yield(message)
        }
    }

    /// Sends a message on the newest stream of log subscriptions.
    func subscribe(_ message: SwarmSubscriptionMessage) {
        self.change { contents in _ = contents.listeners?.yield(message) }
    }

    /// The statuses that were reported of one task, in order.
    func states(of task: String) -> [SwarmTaskState] {
        self.read { $0.updates.flatMap { $0 }.filter { $0.taskID == task }.map(\.status.state) }
    }

    /// The newest status that was reported of one task.
    func status(of task: String) -> SwarmTaskStatus? {
        self.read { $0.updates.flatMap { $0 }.last { $0.taskID == task }?.status }
    }

    fileprivate func peer() -> SwarmWeightedPeer {
        let address = self.address.withLock { $0 }
        return .with {
            $0.peer.nodeID = "manager1"
            $0.peer.addr = address
            $0.weight = 10
        }
    }
}

struct FakeDispatcher: SwarmDispatcher.SimpleServiceProtocol {
    let manager: FakeManager

    func session(
        request: SwarmSessionRequest,
        response: RPCWriter<SwarmSessionMessage>,
        context: ServerContext
    ) async throws {
        let (id, failure) = self.manager.change { contents in
            contents.sessions.append(request)
            guard !request.sessionID.isEmpty else {
                return ("session\(contents.sessions.count)", RPCError?.none)
            }
            defer { contents.resumptionFailure = nil }
            return (request.sessionID, contents.resumptionFailure)
        }
        if let failure { throw failure }
        self.manager.change { $0.openSessions += 1 }
        defer {
            self.manager.change { contents in
                contents.openSessions -= 1
                if contents.openSessions == 0 { contents.silences += 1 }
            }
        }
        try await response.write(
            .with {
                $0.sessionID = id
                $0.node.id = "node1"
                $0.managers = [self.manager.peer()]
            }
        )
        try await context.cancellation.cancelled
    }

    func heartbeat(
        request: SwarmHeartbeatRequest,
        context: ServerContext
    ) async throws -> SwarmHeartbeatResponse {
        let failure = self.manager.change { contents in
            contents.heartbeats += 1
            defer { contents.heartbeatFailure = nil }
            return contents.heartbeatFailure
        }
        if let failure { throw failure }
        return .with { $0.period = .with { $0.nanos = 50_000_000 } }
    }

    func updateTaskStatus(
        request: SwarmUpdateTaskStatusRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateTaskStatusResponse {
        let failure = self.manager.change { contents in
            defer { contents.reportFailure = nil }
            if contents.reportFailure == nil { contents.updates.append(request.updates) }
            return contents.reportFailure
        }
        if let failure { throw failure }
        return SwarmUpdateTaskStatusResponse()
    }

    func assignments(
        request: SwarmAssignmentsRequest,
        response: RPCWriter<SwarmAssignmentsMessage>,
        context: ServerContext
    ) async throws {
        let (stream, continuation) = AsyncStream.makeStream(
            of: SwarmAssignmentsMessage.self,
            bufferingPolicy: .bufferingOldest(10_000)
        )
        let first = self.manager.change { contents in
            contents.subscriptions += 1
            contents.assignments = continuation
            return SwarmAssignmentsMessage.complete(contents.assigned.values.sorted { $0.id < $1.id })
        }
        try await response.write(first)
        for await message in stream { try await response.write(message) }
        try await Task.sleep(for: .seconds(3600))
    }

    func tasks(
        request: SwarmTasksRequest,
        response: RPCWriter<SwarmTasksMessage>,
        context: ServerContext
    ) async throws { throw RPCError(code: .unimplemented, message: "legacy") }

    func updateVolumeStatus(
        request: SwarmUpdateVolumeStatusRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateVolumeStatusResponse { SwarmUpdateVolumeStatusResponse() }
}

struct FakeLogBroker: SwarmLogBroker.ServiceProtocol {
    let manager: FakeManager

    func listenSubscriptions(
        request: ServerRequest<SwarmListenSubscriptionsRequest>,
        context: ServerContext
    ) async throws -> StreamingServerResponse<SwarmSubscriptionMessage> {
        for named in request.metadata[stringValues: "swarmd-node-id"] {
            self.manager.change { _ = $0.callers.insert(named) }
        }
        let (stream, continuation) = AsyncStream.makeStream(
            of: SwarmSubscriptionMessage.self,
            bufferingPolicy: .bufferingOldest(100)
        )
        self.manager.change { $0.listeners = continuation }
        return StreamingServerResponse { writer in
            for await message in stream { try await writer.write(message) }
            return [:]
        }
    }

    /// Ends without a message, as SwarmKit's broker does.
    func publishLogs(
        request: StreamingServerRequest<SwarmPublishLogsMessage>,
        context: ServerContext
    ) async throws -> ServerResponse<SwarmPublishLogsResponse> {
        for try await message in request.messages { self.manager.change { $0.published.append(message) } }
        return ServerResponse(error: RPCError(code: .internalError, message: "no message"))
    }
}

struct FakeAuthority: SwarmNodeCA.SimpleServiceProtocol {
    let manager: FakeManager

    func issueNodeCertificate(
        request: SwarmIssueNodeCertificateRequest,
        context: ServerContext
    ) async throws -> SwarmIssueNodeCertificateResponse {
        let failure = self.manager.change { contents in
            contents.enrollments.append(request)
            return contents.enrollmentFailure
        }
        if let failure { throw failure }
        return .with { $0.nodeID = "node7" }
    }

    func nodeCertificateStatus(
        request: SwarmNodeCertificateStatusRequest,
        context: ServerContext
    ) async throws -> SwarmNodeCertificateStatusResponse {
        let state = self.manager.read(\.issuance)
        return .with {
            $0.status.state = state
            $0.status.err = state == .failed ? "not wanted" : ""
        }
    }
}
