package import GRPCCore
package import GRPCNIOTransportHTTP2
package import SwarmRPC

/// Serves gRPC services on one listener.
package struct APIServer<Listener: APIListener>: Sendable {
    private let listener: Listener
    private let services: [any RegistrableRPCService]
    private let interceptors: [any ServerInterceptor]
    private let executor: LoopExecutor?
    private let stopDeadline: Duration

    /// Serves `services` where `listener` listens.
    ///
    /// Handlers run on `executor`, best on the loop of the listener's connections, and without one on the
    /// process's pool of threads.
    package init(
        listener: Listener,
        services: [any RegistrableRPCService],
        executor: LoopExecutor? = nil,
        interceptors: [any ServerInterceptor] = [IdentityInterceptor()],
        stopDeadline: Duration = TransportLimits.stopDeadline
    ) {
        self.listener = listener
        self.services = services
        self.interceptors = interceptors
        self.executor = executor
        self.stopDeadline = stopDeadline
    }

    /// Serves until it is asked to stop or cancelled.
    ///
    /// `onReady` gets the bound address, with the port that the kernel chose, as soon as connections are
    /// accepted. When `stopRequested` returns, open calls get `stopDeadline` to end, and
    /// are then cut off; a cancellation cuts them off at once.
    package func run(
        until stopRequested: @escaping @Sendable () async -> Void = { await Self.untilCancelled() },
        onReady: @escaping @Sendable (GRPCNIOTransportHTTP2.SocketAddress) -> Void = { _ in }
    ) async throws {
        let transport = HTTP2ServerTransport.Custom(listenerFactory: self.listener, config: Self.config)
        let server = GRPCServer(
            transport: transport,
            services: self.services,
            interceptors: self.interceptors
        )
        let serving = Shield { [executor] in
            try await withTaskExecutorPreference(executor) { try await Self.serve(server) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serving.value }
            group.addTask {
                guard let address = await transport.listeningAddress else {
                    return await Self.untilCancelled()
                }
                onReady(address)
                await stopRequested()
            }
            defer { group.cancelAll() }
            do {
                // Whichever ends first: the server by itself, or the wait for a request to stop.
                try await group.next()
                server.beginGracefulShutdown()
                group.addTask { try? await ContinuousClock().sleep(for: self.stopDeadline) }
                try await group.next()
            } catch {
                await self.end(server, serving)
                throw error
            }
            await self.end(server, serving)
        }
    }

    /// Ends a server that may still be accepting: no more connections, then the end of those that there are, and
    /// only then of the tasks that serve them.
    private func end(
        _ server: GRPCServer<HTTP2ServerTransport.Custom<Listener>>,
        _ serving: Shield<Void>
    ) async {
        server.beginGracefulShutdown()
        await self.listener.release()
        serving.cancel()
    }

    private static var config: HTTP2ServerTransport.Custom<Listener>.Config {
        var config = HTTP2ServerTransport.Custom<Listener>.Config.defaults
        config.rpc.maxRequestPayloadSize = TransportLimits.requestBytes
        config.http2.maxConcurrentStreams = TransportLimits.concurrentStreams
        config.http2.targetWindowSize = TransportLimits.windowBytes
        // Coalescing trades latency for fewer system calls; orders to agents must not wait.
        config.connection.flushCoalescing = nil
        return config
    }

    /// Serves; what the listener could not do is thrown as it is, not wrapped.
    private static func serve(_ server: GRPCServer<HTTP2ServerTransport.Custom<Listener>>) async throws {
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
