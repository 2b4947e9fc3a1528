/// A session's connection to the manager, which another takes over from: who opens it, and who ends it.
final class SessionLink: Sendable {
    /// The session's id, when the description that it was opened with is not the node's any more.
    let outdated: AsyncStream<String>
    private let notice: AsyncStream<String>.Continuation
    private let ended: AsyncStream<Never>
    private let end: AsyncStream<Never>.Continuation
    private let stop = StopSwitch()

    init() {
        (self.outdated, self.notice) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (self.ended, self.end) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Works until `body` ends, by itself or because the link is retired; returns why.
    func run(_ body: @escaping @Sendable () async throws -> Void) async -> any Error {
        defer {
            self.notice.finish()
            self.end.finish()
        }
        do {
            try await self.stop.run(body)
            return SessionEnd.streamEnded("session")
        } catch {
            return error
        }
    }

    /// Says that the session `id` wants to be opened with another description.
    func report(outdated id: String) { self.notice.yield(id) }

    /// Ends the link; returns when nothing of it works any more, or after `patience`.
    ///
    /// What it was about to say to its manager was cut off by then.
    func retire(within patience: Duration, by clock: WorkerClock) async {
        self.stop.stop()
        await withTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { for await _ in self.ended {} }
            group.addTask { try? await clock.sleep(patience) }
            await group.next()
        }
    }
}
