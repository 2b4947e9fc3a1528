import GRPCCore
import Serving
import SwarmRPC
import Trust

/// Passes calls on to the leader, where this manager does not lead and the procedure is the leader's business
/// (SwarmKit `raftproxy.go`; which ones, `RPCPolicy` tells).
///
/// A call takes one hop at most. What has one answer is tried once more where the leader changed under it, unless the
/// change that it asks for may have been made: then the caller is told so. The call's end of either side reaches the
/// other.
struct Forwarder: ServerInterceptor {
    /// How long an answer is waited for where the caller set no limit.
    private static let patience = Duration.seconds(120)
    /// What SwarmKit's managers take for the end of a connection (`raftproxy.go`).
    private static let endings = ["is closing", "the connection is unavailable", "connection error"]
    /// How the leader that is none any more refuses a call, before it is looked at.
    private static let secondHop = "more than one redirect to leader from: "

    private let listener: RPCPolicy.Listener
    private let leader: LeaderConnection
    private let counters: RefusalCounters

    /// Stands before the services of `listener`.
    init(_ listener: RPCPolicy.Listener, leader: LeaderConnection, counters: RefusalCounters) {
        self.listener = listener
        self.leader = leader
        self.counters = counters
    }

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next: Handling<Input, Output>
    ) async throws -> StreamingServerResponse<Output> {
        let descriptor = context.descriptor
        let policy = RPCPolicy.of(path: descriptor.service.fullyQualifiedService, descriptor.method)
        guard policy?.forwarded.contains(self.listener) ?? false, !self.leader.isHere else {
            return try await next(request, context)
        }
        if ForwardedMetadata.isRedirected(request.metadata) {
            self.counters.count(.forwardedTwice)
            let path = ForwardedMetadata.redirects(in: request.metadata).joined(separator: ",")
            throw RPCError(code: .resourceExhausted, message: Self.secondHop + path)
        }
        let call = self.call(request, context, returning: Output.self)
        guard descriptor.type == .unary else { return try await self.stream(call, request, context, next) }
        guard let message = try await Self.only(request.messages) else {
            throw RPCError(code: .invalidArgument, message: "a call without a message")
        }
        switch try await self.unary(call, message, context) {
        case .answer(let answer): return StreamingServerResponse(single: ServerResponse(message: answer))
        case .here:
            let repeated = ServerRequest(metadata: request.metadata, message: message)
            return try await next(StreamingServerRequest(single: repeated), context)
        }
    }

    private func call<Input: Sendable, Output: Sendable>(
        _ request: StreamingServerRequest<Input>,
        _ context: ServerContext,
        returning: Output.Type
    ) -> ForwardedCall<Input, Output> {
        let isLocal = self.listener == .local
        var options = CallOptions.defaults
        let isUnary = context.descriptor.type == .unary
        options.timeout = CallTimeout.rest ?? (isUnary ? Self.patience : nil)
        // The transport limits what a client reads by the field that is named for requests; lists are long.
        options.maxRequestMessageBytes = Int(Int32.max)
        return ForwardedCall(
            descriptor: context.descriptor,
            metadata: ForwardedMetadata.outgoing(
                request.metadata,
                of: isLocal ? nil : AccessRules.Caller(context.peer.caller),
                remote: isLocal ? nil : ForwardedMetadata.address(of: context.remotePeer)
            ),
            options: options
        )
    }

    // MARK: Calls with one answer

    /// What became of a call with one answer.
    private enum Outcome<Output: Sendable>: Sendable {
        case answer(Output)
        /// This manager leads by now.
        case here
    }

    private func unary<Input: Sendable, Output: Sendable>(
        _ call: ForwardedCall<Input, Output>,
        _ message: Input,
        _ context: ServerContext
    ) async throws -> Outcome<Output> {
        try await context.whileConnected {
            var last: UInt64 = 0
            while true {
                guard case .at(let link) = try await self.leader.place(after: last) else { return .here }
                do {
                    return .answer(try await call.unary(message, over: link.client))
                } catch {
                    try Task.checkCancellation()
                    let error =
                        error as? RPCError
                        ?? RPCError(code: .unavailable, message: "connection error: \(error)")
                    guard last == 0, try self.mayRepeat(call.descriptor, after: error, link) else {
                        throw error
                    }
                    last = link.number
                }
            }
        }
    }

    /// Whether the call is to be made again at the next leader; throws what its caller hears where it is in doubt.
    private func mayRepeat(
        _ descriptor: MethodDescriptor,
        after error: RPCError,
        _ link: LeaderConnection.Link
    ) throws(RPCError) -> Bool {
        // It was refused before anything was done.
        if error.code == .resourceExhausted, error.message.hasPrefix(Self.secondHop) { return true }
        guard error.code == .unavailable || error.code == .cancelled else { return false }
        let isBroken =
            !self.leader.isCurrent(link) || Self.endings.contains { error.message.contains($0) }
        guard isBroken else { return false }
        guard Self.isRepeatable(descriptor) else {
            throw RPCError(
                code: .unavailable,
                message: "the connection to the leader broke: the change may have been made, or not"
            )
        }
        return true
    }

    /// Whether nothing comes of making the call twice that would not come of making it once.
    private static func isRepeatable(_ descriptor: MethodDescriptor) -> Bool {
        let service = descriptor.service.fullyQualifiedService
        return !AuditedCalls.contains(service, descriptor.method)
            || ["docker.swarmkit.v1.RaftMembership", "docker.swarmkit.v1.CA", "swarmd.v1.Console"]
                .contains(service)
    }

    /// The one message of a call that has one; a second one is the caller's mistake.
    private static func only<Input: Sendable>(
        _ messages: RPCAsyncSequence<Input, any Error>
    ) async throws -> Input? {
        var only: Input?
        for try await message in messages {
            guard only == nil else {
                throw RPCError(code: .invalidArgument, message: "a call with more than one message")
            }
            only = message
        }
        return only
    }

    // MARK: Streams

    private func stream<Input: Sendable, Output: Sendable>(
        _ call: ForwardedCall<Input, Output>,
        _ request: StreamingServerRequest<Input>,
        _ context: ServerContext,
        _ next: Handling<Input, Output>
    ) async throws -> StreamingServerResponse<Output> {
        let place = try await context.whileConnected { try await self.leader.place() }
        guard case .at(let link) = place else { return try await next(request, context) }
        return StreamingServerResponse { writer in
            try await context.whileConnected {
                try await call.stream(request.messages, to: writer, over: link.client)
            }
            return [:]
        }
    }
}
