package import GRPCCore
package import SwarmAPI

/// Records every change that is asked for, before it is made, and how it ended.
///
/// A change whose record cannot be written is refused.
package struct AuditInterceptor: ServerInterceptor {
    private let audit: AuditLog
    private let cluster: @Sendable () -> SwarmCluster?

    /// Writes to `audit`; `cluster` is what changes of it are compared with, nil where it is not known.
    package init(audit: AuditLog, cluster: @escaping @Sendable () -> SwarmCluster? = { nil }) {
        (self.audit, self.cluster) = (audit, cluster)
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next: Handling<Input, Output>
    ) async throws -> StreamingServerResponse<Output> {
        let descriptor = context.descriptor
        guard AuditedCalls.contains(descriptor.service.fullyQualifiedService, descriptor.method) else {
            return try await next(request, context)
        }
        let (request, message) = try await Self.look(request)
        let call = AuditedCall(
            AuditedCall.name(of: descriptor),
            about: message.map { AuditSubject(of: $0, in: self.cluster) } ?? AuditSubject(""),
            by: context.peer
        )
        return try await self.audit.record(call) {
            try await next(request, context)
        } refusal: { response in
            if case .failure(let error) = response.accepted { error } else { nil }
        }
    }

    /// The first message of `request`, and a request that still has it.
    private static func look<Input: Sendable>(
        _ request: StreamingServerRequest<Input>
    ) async throws -> (StreamingServerRequest<Input>, Input?) {
        var messages: [Input] = []
        // The calls that are recorded have one message; a second one is an error that the handler finds.
        for try await message in request.messages {
            messages.append(message)
            if messages.count == 2 { break }
        }
        return (
            StreamingServerRequest(
                metadata: request.metadata,
                messages: RPCAsyncSequence(wrapping: LookedAt(messages: messages))
            ), messages.first
        )
    }
}

/// Messages that were taken from a request, for whoever comes next.
private struct LookedAt<Message: Sendable>: AsyncSequence, Sendable {
    let messages: [Message]

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<Message>

        mutating func next() async throws -> Message? { self.rest.popFirst() }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: self.messages[...]) }
}
