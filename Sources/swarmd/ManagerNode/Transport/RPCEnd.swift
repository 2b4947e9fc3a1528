import GRPCCore

/// Runs a handler that waits for others, and cancels it when its caller goes away.
///
/// gRPC only sets a flag when the peer is gone; without this the handler of a quiet stream would stay until
/// its next write.
func cancelledWithRPC<Result: Sendable>(
    _ context: ServerContext,
    _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let result = try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try? await context.cancellation.cancelled
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
    guard let result else { throw RPCError(code: .cancelled, message: "the call was cancelled") }
    return result
}
