import GRPCCore

/// Names this node on every call, until a certificate does.
struct NodeIdentityInterceptor: ClientInterceptor {
    /// The metadata key that managers read on the loopback listener.
    static let metadataKey = "swarmd-node-id"

    let nodeID: String

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingClientRequest<Input>,
        context: ClientContext,
        next:
            @concurrent (StreamingClientRequest<Input>, ClientContext) async throws
            -> StreamingClientResponse<Output>
    ) async throws -> StreamingClientResponse<Output> {
        var request = request
        request.metadata.replaceOrAddString(self.nodeID, forKey: Self.metadataKey)
        return try await next(request, context)
    }
}
