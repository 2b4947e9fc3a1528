/// Cancels one piece of work among its siblings, which a task group alone can't do.
struct StopSwitch: Sendable {
    private let stopped: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() {
        (self.stopped, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Cancels the work; idempotent, also before the work began.
    func stop() { self.continuation.finish() }

    /// Runs `body`, cancelled by `stop`, and returns or throws what it does once it ended.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in self.stopped {}
                return nil
            }
            while let ended = try await group.next() {
                group.cancelAll()
                if let result = ended { return result }
            }
            throw CancellationError()
        }
    }
}
