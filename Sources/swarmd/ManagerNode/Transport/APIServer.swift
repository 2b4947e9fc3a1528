package import GRPCCore
package import NIOCore
package import Logging
import Serving
package import SwarmRPC

/// Serves gRPC services on one listener.
package struct APIServer: Sendable {
    /// How long calls may take to end when a server is asked to stop.
    package static let stopDeadline: Duration = .seconds(5)
    /// Connections that wait to be accepted.
    static let backlog: Int32 = 1024

    private let listener: any APIListener
    private let services: [any RegistrableRPCService]
    private let interceptors: [any ServerInterceptor]
    private let executors: [LoopExecutor]
    private let takesLong: @Sendable (MethodDescriptor) -> Bool
    private let stopDeadline: Duration
    private let log: Logger

    /// Serves `services` where `listener` listens; each call passes the `interceptors` first, in their order.
    ///
    /// Handlers run on that of `executors` which has their connection's loop, or on the first one; those that may take
    /// long, and all of them without an executor, run on the process's pool of threads.
    package init(
        listener: any APIListener,
        services: [any RegistrableRPCService],
        interceptors: [any ServerInterceptor] = [],
        executors: [LoopExecutor] = [],
        takesLong: @escaping @Sendable (MethodDescriptor) -> Bool = { _ in false },
        stopDeadline: Duration = Self.stopDeadline,
        log: Logger
    ) {
        self.listener = listener
        self.services = services
        self.interceptors = interceptors
        self.executors = executors
        self.takesLong = takesLong
        self.stopDeadline = stopDeadline
        self.log = log
    }

    /// Serves until it is asked to stop or cancelled.
    ///
    /// `onReady` gets the bound address, with the port that the kernel chose, as soon as connections are
    /// accepted. When `stopRequested` returns, open calls get `stopDeadline` to end, and
    /// are then cut off; a cancellation cuts them off at once.
    package func run(
        until stopRequested: @escaping @Sendable () async -> Void = { await Self.untilCancelled() },
        onReady: @escaping @Sendable (SocketAddress) -> Void = { _ in }
    ) async throws {
        let server = GRPCServer(
            transport: self.transport(onReady),
            services: self.services,
            interceptors: self.interceptors
        )
        try await self.run(until: stopRequested, serve: { try await Self.serve(server) }) {
            server.beginGracefulShutdown()
        }
    }

    /// Serves what is on `board` at the moment of each call, instead of services of its own; else like `run`.
    package func run(
        _ board: ServiceBoard,
        until stopRequested: @escaping @Sendable () async -> Void = { await Self.untilCancelled() },
        onReady: @escaping @Sendable (SocketAddress) -> Void = { _ in }
    ) async throws {
        let transport = self.transport(onReady) { board.unary($0) }
        var context = GRPCServerContext()
        context.methods = board.methods
        transport.configure(context: context)
        try await self.run(
            until: stopRequested,
            serve: { try await transport.listen { await board.handle($0, $1) } }
        ) {
            transport.beginGracefulShutdown()
        }
    }

    private func run(
        until stopRequested: @escaping @Sendable () async -> Void,
        serve: @escaping @Sendable () async throws -> Void,
        shutDown: () -> Void
    ) async throws {
        defer { self.listener.release() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { [executors] in
                try await withTaskExecutorPreference(executors.first) { try await serve() }
            }
            group.addTask { await stopRequested() }
            // Whichever ends first: the server by itself, or the wait for a request to stop.
            try await group.next()
            shutDown()
            group.addTask { try? await ContinuousClock().sleep(for: self.stopDeadline) }
            try await group.next()
        }
    }

    private func transport(
        _ onReady: @escaping @Sendable (SocketAddress) -> Void,
        unary: @escaping @Sendable (MethodDescriptor) -> UnaryHandler? = { _ in nil }
    ) -> HTTP2CallTransport {
        HTTP2CallTransport(
            limits: ServingLimits(),
            log: self.log,
            places: self.executors.map { HTTP2CallTransport.Place(loop: $0.loop, executor: $0) },
            bind: { [listener] prepare in try await listener.listen { prepare($0, $1) } },
            takesLong: self.takesLong,
            identify: { [security = self.listener.security] metadata, ends in
                guard let peer = ends.caller as? ConnectedPeer else { return PeerIdentity(.stranger) }
                var identity = security.identify(peer, metadata)
                identity.host = ends.host
                return identity
            },
            unary: unary,
            bound: { if let address = $0 { onReady(address) } }
        )
    }

    /// Serves; what the listener could not do is thrown as it is, not wrapped.
    private static func serve(_ server: GRPCServer<HTTP2CallTransport>) async throws {
        do {
            try await server.serve()
        } catch let error as RuntimeError {
            throw error.cause ?? error
        }
    }

    /// Waits for the end of the task.
    package static func untilCancelled() async {
        let never = AsyncStream<Never>(bufferingPolicy: .bufferingOldest(1)) { _ in }
        for await _ in never {}
    }
}
