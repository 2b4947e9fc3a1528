package import GRPCCore
package import Serving
import Synchronization

/// The services that one listener serves at the moment: sets of them come and go while it stays.
///
/// A daemon's local socket is there in every phase of its node, and a manager's services only while the manager runs. A
/// call goes to the set that came last among those that have its method; a method that none has now is refused.
package final class ServiceBoard: Sendable {
    package typealias Handler =
        @Sendable (RPCStream<HTTP2CallTransport.Inbound, HTTP2CallTransport.Outbound>, ServerContext) async ->
        Void

    /// One set of services.
    struct Shelf: Sendable {
        let id: Int
        let methods: Set<MethodDescriptor>
        let handler: Handler
        let unary: UnaryProcedures
    }

    private struct State {
        var shelves: [Shelf] = []
        var lastID = 0
        var refusal = ""
        /// The calls under way, by the set that has them.
        var calls: [Int: [Int: ServerContext.RPCCancellationHandle]] = [:]
        var lastCall = 0
        /// Sets whose end waits for their calls.
        var closing: [Int: AsyncStream<Void>.Continuation] = [:]

        /// The set that came last among those that have `method`.
        func shelf(of method: MethodDescriptor) -> Shelf? {
            self.shelves.last { $0.methods.contains(method) }
        }

        /// Notes a call of the set `id`; returns its number.
        mutating func enter(_ id: Int, _ context: ServerContext) -> Int {
            self.lastCall += 1
            self.calls[id, default: [:]][self.lastCall] = context.cancellation
            return self.lastCall
        }
    }

    /// Every method that some set may have.
    package let methods: [MethodDescriptor]
    private let state: Mutex<State>

    /// `methods` are all that will ever be served.
    package init(methods: [MethodDescriptor]) {
        self.methods = methods
        self.state = Mutex(State())
    }

    /// What a call hears that no set has at the moment.
    package func refuse(_ text: String) { self.state.withLock { $0.refusal = text } }

    /// Serves `services` until the caller is cancelled.
    ///
    /// Their calls are cancelled then, and have ended, or had `APIServer.stopDeadline` to do so, when this returns.
    /// What is in `unary` too passes no interceptor.
    package func serve(
        _ services: [any RegistrableRPCService],
        interceptors: [any ServerInterceptor] = [],
        unary: UnaryProcedures = UnaryProcedures()
    ) async throws {
        let server = GRPCServer(
            transport: BoardTransport(self, unary: unary),
            services: services,
            interceptors: interceptors
        )
        try await withTaskCancellationHandler {
            try await server.serve()
        } onCancel: {
            server.beginGracefulShutdown()
        }
    }

    /// Hands a call to the set that has its method.
    package func handle(
        _ stream: RPCStream<HTTP2CallTransport.Inbound, HTTP2CallTransport.Outbound>,
        _ context: ServerContext
    ) async {
        let entry = self.state.withLock { state in
            state.shelf(of: context.descriptor).map { ($0, state.enter($0.id, context)) }
        }
        guard let (shelf, call) = entry else { return await self.refuse(stream) }
        await shelf.handler(stream, context)
        self.leave(shelf.id, call)
    }

    /// What handles `method` without gRPC's machinery; nil where its set has nothing for it.
    package func unary(_ method: MethodDescriptor) -> UnaryHandler? {
        let found = self.state.withLock { $0.shelf(of: method).map { ($0.id, $0.unary) } }
        guard let (id, procedures) = found, let handler = procedures[method] else { return nil }
        return { request, metadata, context in
            let call = self.state.withLock { $0.enter(id, context) }
            defer { self.leave(id, call) }
            return try await handler(request, metadata, context)
        }
    }

    private func leave(_ id: Int, _ call: Int) {
        self.state.withLock { state in
            state.calls[id]?[call] = nil
            guard state.calls[id]?.isEmpty != false else { return }
            state.calls[id] = nil
            state.closing.removeValue(forKey: id)?.finish()
        }
    }

    private func refuse(
        _ stream: RPCStream<HTTP2CallTransport.Inbound, HTTP2CallTransport.Outbound>
    ) async {
        let text = self.state.withLock { $0.refusal }
        let status = Status(code: .failedPrecondition, message: text)
        // A caller that has gone does not hear it.
        try? await stream.outbound.write(.status(status, [:]))
        await stream.outbound.finish()
    }

    // MARK: Sets

    fileprivate func put(
        _ methods: Set<MethodDescriptor>,
        _ unary: UnaryProcedures,
        _ handler: @escaping Handler
    ) -> Int {
        self.state.withLock { state in
            state.lastID += 1
            state.shelves.append(
                Shelf(id: state.lastID, methods: methods, handler: handler, unary: unary)
            )
            return state.lastID
        }
    }

    /// Takes a set away, cancels its calls, and waits for them.
    fileprivate func take(_ id: Int) async {
        let (ended, end) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let calls = self.state.withLock { state in
            state.shelves.removeAll { $0.id == id }
            let calls = state.calls[id].map { Array($0.values) } ?? []
            if calls.isEmpty { end.finish() } else { state.closing[id] = end }
            return calls
        }
        for call in calls { call.cancel() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in ended {} }
            group.addTask { try? await ContinuousClock().sleep(for: APIServer.stopDeadline) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// The way from a board to one set of services.
private final class BoardTransport: ServerTransport {
    typealias Bytes = MessageBytes

    private let board: ServiceBoard
    private let unary: UnaryProcedures
    private let methods = Mutex<Set<MethodDescriptor>>([])
    private let stopped: AsyncStream<Never>
    private let stop: AsyncStream<Never>.Continuation

    init(_ board: ServiceBoard, unary: UnaryProcedures) {
        self.board = board
        self.unary = unary
        (self.stopped, self.stop) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    func configure(context: GRPCServerContext) { self.methods.withLock { $0 = Set(context.methods) } }

    func listen(
        streamHandler:
            @escaping @concurrent @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
    ) async throws {
        let methods = self.methods.withLock { $0 }
        let id = self.board.put(methods, self.unary) { await streamHandler($0, $1) }
        for await _ in self.stopped {}
        await self.board.take(id)
    }

    func beginGracefulShutdown() { self.stop.finish() }
}
