package import GRPCCore

/// Handles a procedure that has one request and one answer, without gRPC's machinery for streams
/// (docs/decisions/0016).
///
/// Gets the request's bytes and metadata, and returns the answer's bytes. Throws the `RPCError` that the caller is to
/// hear; other errors tell it nothing.
package typealias UnaryHandler =
    @Sendable (_ request: MessageBytes, _ metadata: Metadata, _ context: ServerContext) async throws ->
    MessageBytes

extension Call {
    /// Has `handler` answer the call's one request, as grpc-swift's server would.
    func answer(_ context: ServerContext, by handler: UnaryHandler) async {
        do {
            let answer = try await handler(self.request(), self.head.metadata, context)
            try await self.write(.metadata([:]))
            try await self.write(.message(answer))
            try await self.write(.status(Status(code: .ok, message: ""), [:]))
        } catch {
            let error = Self.told(error)
            let status = Status(code: Status.Code(error.code), message: error.message)
            // A caller that has gone does not hear it.
            try? await self.write(.status(status, error.metadata))
        }
    }

    /// The message of a call that has one.
    private func request() async throws -> MessageBytes {
        var request: MessageBytes?
        while let part = try await self.next() {
            guard case .message(let bytes) = part else { continue }
            guard request == nil else {
                throw RPCError(code: .internalError, message: "Too many messages.")
            }
            request = bytes
        }
        guard let request else { throw RPCError(code: .internalError, message: "Empty stream.") }
        return request
    }

    private static func told(_ error: any Error) -> RPCError {
        switch error {
        case let error as RPCError: error
        case let error as any RPCErrorConvertible: RPCError(error)
        default: RPCError(code: .unknown, message: "Service method threw an unknown error.", cause: error)
        }
    }
}
