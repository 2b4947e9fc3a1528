import Synchronization

/// A caller that waits for its entry.
///
/// It is settled once, by the commit, by the loss of leadership or by the caller's cancellation; what comes
/// second is ignored. A cancelled caller returns at once, and its entry takes its course.
final class CommitWaiter: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Void, any Error>)
        case settled(Result<Void, any Error>)
    }

    private let state = Mutex(State.open)

    /// Says how the wait ended.
    func settle(_ result: Result<Void, any Error>) {
        let continuation: CheckedContinuation<Void, any Error>? = self.state.withLock { state in
            switch state {
            case .open:
                state = .settled(result)
                return nil
            case .waiting(let continuation):
                state = .settled(result)
                return continuation
            case .settled: return nil
            }
        }
        continuation?.resume(with: result)
    }

    /// Returns when the entry is committed and applied.
    ///
    /// For one caller.
    func wait() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = self.state.withLock { state in
                    if case .settled(let result) = state { return result }
                    state = .waiting(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            self.settle(.failure(CancellationError()))
        }
    }
}
