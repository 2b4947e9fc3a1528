package import GRPCCore

/// What an interceptor hands a call on to.
package typealias Handling<Input: Sendable, Output: Sendable> =
    @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
    StreamingServerResponse<Output>
