package import GRPCCore
package import Logging
package import NIOCore
import NIOHTTP2
import Primitives
import Synchronization

/// gRPC's server side over HTTP/2.
///
/// A transport of our own beneath grpc-swift (docs/decisions/0008): the calls of a connection are handled on the
/// connection's event loop, from its frames to its handler and back, without a channel for each.
package final class HTTP2CallTransport: ServerTransport {
    package typealias Bytes = MessageBytes
    /// Prepares a connection for calls once it is known who is at its other end; on the connection's loop.
    package typealias Prepare = @Sendable (any Channel, _ caller: any Sendable) -> EventLoopFuture<Void>
    /// Makes a listening channel, each of whose connections it has the closure prepare.
    package typealias Bind = @Sendable (_ prepare: @escaping Prepare) async throws -> any Channel
    /// Tells who makes a call, from its metadata and the ends of its connection.
    package typealias Identify = @Sendable (Metadata, CallEnds) -> any ServerContext.TransportSpecific

    private let limits: ServingLimits
    private let log: Logger
    private let bind: Bind
    private let takesLong: @Sendable (MethodDescriptor) -> Bool
    private let identify: Identify
    private let unary: @Sendable (MethodDescriptor) -> UnaryHandler?
    private let bound: @Sendable (SocketAddress?) -> Void
    private let methods = Mutex<[String: MethodDescriptor]>([:])
    private let connections = OpenConnections()
    private let open = Mutex(0)
    private let places: [Place]
    /// The calls that wait for their handlers, by place.
    private let calls: [Inbox<Call>]

    /// A loop that connections may be on, and what runs their handlers on its thread.
    package struct Place: Sendable {
        let loop: any EventLoop
        let executor: any TaskExecutor

        package init(loop: any EventLoop, executor: any TaskExecutor) {
            self.loop = loop
            self.executor = executor
        }
    }

    /// Listens where `bind` says, once `listen` runs; `bound` then gets the address.
    ///
    /// Handlers run at that of `places` which has their connection's loop, or where `listen` does, but for those of
    /// methods that may take long: these run on the process's pool of threads. A call for which `unary` has a handler goes there; all others go to `listen`'s.
    package init(
        limits: ServingLimits,
        log: Logger,
        places: [Place] = [],
        bind: @escaping Bind,
        takesLong: @escaping @Sendable (MethodDescriptor) -> Bool,
        identify: @escaping Identify,
        unary: @escaping @Sendable (MethodDescriptor) -> UnaryHandler? = { _ in nil },
        bound: @escaping @Sendable (SocketAddress?) -> Void
    ) {
        self.limits = limits
        self.log = log
        self.bind = bind
        self.takesLong = takesLong
        self.identify = identify
        self.unary = unary
        self.bound = bound
        self.places = places
        self.calls = (0...places.count).map { _ in Inbox(limit: limits.openCalls) }
    }

    package func configure(context: GRPCServerContext) {
        let byPath = context.methods.map { ("/" + $0.fullyQualifiedMethod, $0) }
        self.methods.withLock { $0 = Dictionary(byPath, uniquingKeysWith: { first, _ in first }) }
    }

    package func listen(
        streamHandler:
            @escaping @concurrent @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
    ) async throws {
        let methods = self.methods.withLock { $0 }
        let listening = try await self.bind { channel, caller in
            self.prepare(channel, methods, caller)
        }
        self.connections.listen(on: listening) { for calls in self.calls { calls.finish() } }
        self.bound(listening.localAddress)
        await withTaskGroup(of: Void.self) { group in
            for (place, calls) in zip(self.places, self.calls) {
                group.addTask(executorPreference: place.executor) {
                    await self.handle(calls, streamHandler)
                }
            }
            // Those of connections on other loops.
            await self.handle(self.calls[self.places.count], streamHandler)
        }
        await self.connections.close()
    }

    private func handle(
        _ calls: Inbox<Call>,
        _ streamHandler:
            @escaping @concurrent @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            while let calls = await calls.take() {
                for call in calls {
                    if self.takesLong(call.head.method) {
                        group.addTask(executorPreference: globalConcurrentExecutor) {
                            await self.handle(call, streamHandler)
                        }
                    } else {
                        group.addTask { await self.handle(call, streamHandler) }
                    }
                }
            }
        }
    }

    package func beginGracefulShutdown() { self.connections.beginGracefulShutdown() }

    private func prepare(
        _ channel: any Channel,
        _ methods: [String: MethodDescriptor],
        _ caller: any Sendable
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let connection = CallConnection(
                methods: methods,
                limits: self.limits,
                log: self.log,
                caller: caller
            ) { call in self.begin(call) }
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandlers([self.http2, connection])
            self.connections.add(channel, NIOLoopBound(connection, eventLoop: channel.eventLoop))
        }
    }

    private var http2: NIOHTTP2Handler {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .initialWindowSize, value: self.limits.windowBytes),
            HTTP2Setting(parameter: .maxConcurrentStreams, value: self.limits.concurrentStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 16_384),
        ]
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = self.limits.resets
        return NIOHTTP2Handler(
            mode: .server,
            connectionConfiguration: connection,
            streamConfiguration: stream
        )
    }

    private func begin(_ call: Call) -> Bool {
        let isFree = self.open.withLock { open in
            guard open < self.limits.openCalls else { return false }
            open += 1
            return true
        }
        guard isFree else { return false }
        let place = self.places.firstIndex { $0.loop === call.loop } ?? self.places.count
        return self.calls[place].put(call)
    }

    private func handle(
        _ call: Call,
        _ streamHandler: @concurrent @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
    ) async {
        await withServerContextRPCCancellationHandle { handle in
            call.cancels(handle)
            var context = ServerContext(
                descriptor: call.head.method,
                remotePeer: call.ends.remote,
                localPeer: call.ends.local,
                cancellation: handle
            )
            context.transportSpecific = self.identify(call.head.metadata, call.ends)
            guard let timeout = call.head.timeout else {
                return await self.answer(call, context, streamHandler)
            }
            let deadline = NIODeadline.now() + TimeAmount(timeout)
            await CallTimeout.$deadline.withValue(deadline) { [context] in
                await self.answer(call, context, streamHandler)
            }
        }
        call.close()
        self.open.withLock { $0 -= 1 }
    }

    private func answer(
        _ call: Call,
        _ context: ServerContext,
        _ streamHandler: @concurrent @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
    ) async {
        if let unary = self.unary(call.head.method) { return await call.answer(context, by: unary) }
        let stream = RPCStream(
            descriptor: call.head.method,
            inbound: RPCAsyncSequence<RPCRequestPart<Bytes>, any Error>(wrapping: RequestParts(call: call)),
            outbound: RPCWriter<RPCResponsePart<Bytes>>.Closable(wrapping: ResponseWriter(call: call))
        )
        await DirectRequests.$current.withValue(DirectRequests(call: call)) { [context] in
            await streamHandler(stream, context)
        }
    }
}
