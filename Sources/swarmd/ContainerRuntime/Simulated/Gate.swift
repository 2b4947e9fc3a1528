import Synchronization

/// A door that opens once: those who wait pass, and so does everybody who comes later.
final class Gate: Sendable {
    private enum Ticket {
        case waiting(CheckedContinuation<Void, any Error>)
        /// Cancelled before its wait began.
        case cancelled
    }

    private struct State {
        var isOpen = false
        var next = 0
        var tickets: [Int: Ticket] = [:]
    }

    private let state = Mutex(State())

    func open() {
        let tickets = self.state.withLock { state in
            state.isOpen = true
            defer { state.tickets = [:] }
            return state.tickets.sorted { $0.key < $1.key }.map(\.value)
        }
        for case .waiting(let continuation) in tickets { continuation.resume() }
    }

    /// Returns when the gate is open; throws when the caller's task is cancelled before that.
    func pass() async throws {
        let ticket = self.state.withLock { state in
            state.next += 1
            return state.next
        }
        defer { self.state.withLock { _ = $0.tickets.removeValue(forKey: ticket) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { self.enqueue($0, ticket) }
        } onCancel: {
            self.cancel(ticket)
        }
    }

    private func enqueue(_ continuation: CheckedContinuation<Void, any Error>, _ ticket: Int) {
        let result: Result<Void, any Error>? = self.state.withLock { state in
            if state.isOpen { return .success(()) }
            if case .cancelled? = state.tickets[ticket] { return .failure(CancellationError()) }
            state.tickets[ticket] = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    private func cancel(_ ticket: Int) {
        let waiting = self.state.withLock { state in
            defer { if !state.isOpen { state.tickets[ticket] = .cancelled } }
            return state.tickets[ticket]
        }
        if case .waiting(let continuation)? = waiting { continuation.resume(throwing: CancellationError()) }
    }
}
