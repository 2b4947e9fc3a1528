import Synchronization

/// One part of a node that runs beside others: it can be told to stop, and its end can be waited for.
final class NodePart: Sendable {
    private let stopping = Signal()
    private let ending = Signal()

    /// Tells the part to stop; idempotent.
    func stop() { self.stopping.raise() }

    /// Returns when the part was told to stop, or the caller is cancelled.
    func stopRequested() async { await self.stopping.wait() }

    /// Says that the part has ended.
    func end() { self.ending.raise() }

    /// Returns when the part has ended, or the caller is cancelled.
    func ended() async { await self.ending.wait() }

    /// Runs `body`, cancelled when the part is told to stop; returns or throws as it does.
    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                await self.stopRequested()
                return false
            }
            if try await group.next() == false {
                group.cancelAll()
                // A part that was told to stop ends as it likes.
                _ = try? await group.next()
            }
        }
    }
}

extension NodePart {
    /// What `body` makes, which is cancelled when the part is told to stop; it may have been too late.
    func value<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Optional<Value>.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask {
                await self.stopRequested()
                return nil
            }
            while let value = try await group.next() {
                if let value { return value }
                group.cancelAll()
            }
            throw CancellationError()
        }
    }
}

/// Something that happens once, and that any number of tasks may wait for.
final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var waiters: [AsyncStream<Never>.Continuation] = []
    }

    private let state = Mutex(State())

    /// It has happened.
    func raise() {
        let waiters = self.state.withLock { state in
            state.isRaised = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.finish() }
    }

    /// Returns when it has happened, or the caller is cancelled.
    func wait() async {
        let (stream, waiter) = AsyncStream.makeStream(of: Never.self, bufferingPolicy: .bufferingOldest(1))
        let isRaised = self.state.withLock { state in
            if !state.isRaised { state.waiters.append(waiter) }
            return state.isRaised
        }
        if isRaised { waiter.finish() }
        for await _ in stream {}
    }
}
