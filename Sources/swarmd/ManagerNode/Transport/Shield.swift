/// Work that its caller's cancellation does not reach.
///
/// The one place with an unstructured task. NIO traps when a server is cancelled while an accepted connection, or a
/// stream on one, waits to be taken (swift-nio #2637, #2813), so a server must stop accepting and its connections
/// must be closed (`OpenConnections`) before it may be cancelled; a child task would be cancelled first.
struct Shield<Success: Sendable>: Sendable {
    private let task: Task<Success, any Error>

    /// Begins `work`.
    init(_ work: @concurrent @Sendable @escaping () async throws -> Success) {
        self.task = Task { try await work() }
    }

    /// What came of it, however long that takes.
    var value: Success { get async throws { try await self.task.value } }

    /// Cancels it; to be called before whoever made it returns.
    func cancel() { self.task.cancel() }
}
