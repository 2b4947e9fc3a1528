import Execution
import GRPCCore
import Logging
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// Why a session ended without an error of the connection.
enum SessionEnd: Error, Equatable {
    /// The manager ended this stream.
    case streamEnded(String)
    /// Nothing came from the manager within the deadline.
    case noAnswer

    /// Whether the manager that leads knows nothing more of a session that ended for `reason` (SwarmKit
    /// `manager/dispatcher/dispatcher.go`).
    ///
    /// Any other end is the connection's or that of the manager in between, and the session goes on by way of the
    /// next. To open a new one each time would count as a registration, of which a node has few: where managers
    /// come and go, it would be refused until it is down.
    static func isForgotten(after reason: any Error) -> Bool {
        guard let error = reason as? RPCError else { return false }
        return [.notFound, .invalidArgument, .aborted].contains(error.code)
    }

    /// Whether an operator took this node out of the cluster (SwarmKit `ca/auth.go`): it never comes back as the same.
    static func isDismissal(_ reason: any Error) -> Bool {
        guard let error = reason as? RPCError else { return false }
        return error.code == .permissionDenied && error.message.contains("was removed from swarm")
    }
}

/// One session with one manager: everything in it lives and ends together (SwarmKit `agent/session.go`).
struct Session: Sendable {
    /// The shortest period between heartbeats that a manager may ask for.
    static let shortestPeriod: Duration = .milliseconds(20)

    /// What the session works for.
    struct Parts: Sendable {
        var worker: Worker
        var reporter: StatusReporter
        var publisher: LogPublisher
        var descriptions: DescriptionSource
        var clock: WorkerClock
        var log: Logger
        /// Takes in each message of the session, and who it is from.
        var heard: @Sendable (SwarmSessionMessage, ServerAddress) async -> Void
    }

    let address: ServerAddress
    let security: any ConnectionSecurity
    /// The session to open anew; empty for a new one.
    let resumed: String
    let description: SwarmNodeDescription
    let parts: Parts
    /// Ends whatever served the session before; the session is open when it is called, and takes tasks when it
    /// returned.
    let takeOver: @Sendable () async -> Void
    /// Takes the session's id when the node's description is not `description` any more.
    let outdated: @Sendable (String) -> Void

    /// Opens the session and works in it; throws the reason of its end.
    func run() async throws {
        try await ManagerConnection.withClient(
            to: self.address,
            security: self.security,
            within: ManagerCalls.deadline
        ) { client in
            // Each message tells everything, so of several only the newest counts.
            let (messages, inlet) = AsyncStream.makeStream(
                of: SwarmSessionMessage.self,
                bufferingPolicy: .bufferingNewest(1)
            )
            let isOpen = Mailbox(false)
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask {
                    defer { inlet.finish() }
                    try await self.listen(client, inlet)
                }
                group.addTask { try await self.expectAnswer { isOpen.access { $0 } } }
                for await message in messages {
                    let isFirst = isOpen.access { isOpen in
                        defer { isOpen = true }
                        return !isOpen
                    }
                    if isFirst {
                        // The manager expects to hear of this node on the new connection from now on.
                        let dispatcher = SwarmDispatcher.Client(wrapping: client)
                        group.addTask { try await self.beat(message.sessionID, dispatcher) }
                        await self.takeOver()
                        self.start(message.sessionID, client, &group)
                    }
                    await self.parts.heard(message, self.address)
                }
            }
        }
    }

    private func listen(
        _ client: ManagerConnection.Client,
        _ inlet: AsyncStream<SwarmSessionMessage>.Continuation
    ) async throws {
        let request = SwarmSessionRequest.with {
            $0.description_p = self.description
            $0.sessionID = self.resumed
        }
        let dispatcher = SwarmDispatcher.Client(wrapping: client)
        try await dispatcher.session(request, options: ManagerCalls.stream) { response in
            for try await message in response.messages { inlet.yield(message) }
        }
        throw SessionEnd.streamEnded("session")
    }

    private func expectAnswer(_ isOpen: @Sendable () -> Bool) async throws {
        try await self.parts.clock.sleep(ManagerCalls.deadline)
        if !isOpen() { throw SessionEnd.noAnswer }
    }

    /// Starts what needs the session's id; the first to fail ends the session.
    private func start(
        _ id: String,
        _ client: ManagerConnection.Client,
        _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        self.parts.log.info(
            "session opened",
            metadata: ["manager": "\(self.address)", "session": "\(id)"]
        )
        let dispatcher = SwarmDispatcher.Client(wrapping: client)
        let broker = SwarmLogBroker.Client(wrapping: client)
        group.addTask { try await self.takeAssignments(id, dispatcher) }
        group.addTask { try await self.reportStatuses(id, dispatcher) }
        group.addTask { try await self.parts.publisher.run(broker) }
        group.addTask {
            try await self.parts.descriptions.change(from: self.description)
            self.outdated(id)
        }
    }
}

// MARK: - The parts of a session

extension Session {
    typealias Dispatcher = SwarmDispatcher.Client<ManagerConnection.Transport>

    /// Says at once that this node lives, and then as often as the manager wants to hear it.
    private func beat(_ id: String, _ dispatcher: Dispatcher) async throws {
        while true {
            let answer = try await dispatcher.heartbeat(
                .with { $0.sessionID = id },
                options: ManagerCalls.unary
            )
            let period: Duration = .seconds(answer.period.seconds) + .nanoseconds(Int64(answer.period.nanos))
            try await self.parts.clock.sleep(max(Self.shortestPeriod, period))
        }
    }

    /// Hands assignments to the worker; after a gap it subscribes again.
    private func takeAssignments(_ id: String, _ dispatcher: Dispatcher) async throws {
        let request = SwarmAssignmentsRequest.with { $0.sessionID = id }
        var backoff = Backoff(base: .milliseconds(10), limit: .seconds(1))
        var dice = SystemRandomNumberGenerator()
        while true {
            let parts = self.parts
            try await dispatcher.assignments(request, options: ManagerCalls.stream) { response in
                var tracker = AssignmentTracker()
                for try await message in response.messages {
                    guard tracker.accepts(message), parts.worker.submit(message) else { return }
                }
                throw SessionEnd.streamEnded("assignments")
            }
            self.parts.log.warning("assignments have a gap", metadata: ["manager": "\(self.address)"])
            try await self.parts.clock.sleep(backoff.next(using: &dice))
        }
    }

    private func reportStatuses(_ id: String, _ dispatcher: Dispatcher) async throws {
        try await self.parts.reporter.run { updates in
            let request = SwarmUpdateTaskStatusRequest.with {
                $0.sessionID = id
                $0.updates = updates
            }
            _ = try await dispatcher.updateTaskStatus(request, options: ManagerCalls.unary)
        }
        throw CancellationError()
    }
}
