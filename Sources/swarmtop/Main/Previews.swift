import ConsoleCore
import ControlClient
import SwarmAPI

/// Asks the manager what the open question would do, apart from the changes: neither waits for the other.
struct Previews: Sendable {
    /// What was answered to which question.
    let outcomes: AsyncStream<(number: Int, outcome: PreviewOutcome)>
    private let answered: AsyncStream<(number: Int, outcome: PreviewOutcome)>.Continuation
    private let questions: AsyncStream<(number: Int, request: SwarmdPreviewRequest)>
    private let queue: AsyncStream<(number: Int, request: SwarmdPreviewRequest)>.Continuation
    private let socket: String

    init(socket: String) {
        self.socket = socket
        // Only the newest question is still on the screen.
        (self.questions, self.queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (self.outcomes, self.answered) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes a question; what waits unasked is dropped for it.
    func submit(_ number: Int, _ request: SwarmdPreviewRequest) { self.queue.yield((number, request)) }

    /// Works until it is cancelled.
    func run() async {
        for await (number, request) in self.questions {
            self.answered.yield((number, await self.outcome(of: request)))
        }
    }

    private func outcome(of request: SwarmdPreviewRequest) async -> PreviewOutcome {
        do {
            return try await ControlClient.withConnection(to: self.socket) { client in
                try await client.preview(request).map { .computed($0) } ?? .unsupported
            }
        } catch {
            return .failed("\(error)")
        }
    }
}
