import GRPCCore

extension ServerContext {
    /// Runs a streaming call's `body` until it ends, the caller goes away or the server stops.
    ///
    /// In the last two cases `body` is cancelled and this returns normally: nobody is left to hear an error.
    func whileConnected(_ body: @escaping @Sendable () async throws -> Void) async throws {
        _ = try await self.result(of: body)
    }

    /// Runs a call's `body`; throws `cancelled` where the caller went away before its result was there.
    func whileConnected<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let result = try await self.result(of: body) else {
            throw RPCError(code: .cancelled, message: "the call was cancelled")
        }
        return result
    }

    /// What `body` returned; nil, with `body` cancelled, when the caller went away or the server stops.
    ///
    /// gRPC only sets a flag then and does not cancel the handler's task: a stream on which nothing happens
    /// would stay open for ever.
    private func result<Result: Sendable>(
        of body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask {
                try? await self.cancellation.cancelled
                return nil
            }
            return try await group.next() ?? nil
        }
    }
}
