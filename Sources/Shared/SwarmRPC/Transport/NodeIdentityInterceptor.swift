import GRPCCore

/// Names this node on every call, until a certificate does.
package struct NodeIdentityInterceptor: ClientInterceptor {
    /// The metadata key that managers read on the loopback listener.
    package static let metadataKey = "swarmd-node-id"

    private let nodeID: String

    /// Calls as the node `nodeID`.
    package init(nodeID: String) { self.nodeID = nodeID }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingClientRequest<Input>,
        context: ClientContext,
        next: (StreamingClientRequest<Input>, ClientContext) async throws -> StreamingClientResponse<Output>
    ) async throws -> StreamingClientResponse<Output> {
        var request = request
        request.metadata.replaceOrAddString(self.nodeID, forKey: Self.metadataKey)
        return try await next(request, context)
    }
}
