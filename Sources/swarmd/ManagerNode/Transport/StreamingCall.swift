import GRPCCore

extension ServerContext {
    /// Runs a streaming call's `body` until it ends, the caller goes away or the server stops.
    ///
    /// gRPC does not cancel the handler's task when the caller goes away: a stream on which nothing
    /// happens would stay open for ever. In that case `body` is cancelled and this returns normally.
    func whileConnected(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask { try await self.cancellation.cancelled }
            try await group.next()
        }
    }
}
