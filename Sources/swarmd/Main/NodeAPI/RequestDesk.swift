import GRPCCore
import Primitives
import SwarmAPI
import Synchronization

/// Where calls hand in what they want of the node, and wait for what comes of it.
final class RequestDesk: Sendable {
    /// How many calls may wait; the node works on one at a time and refuses the others.
    private static let limit: UInt64 = 64

    private struct State {
        var last: NodeLife.Ticket = 0
        var waiting: [NodeLife.Ticket: CheckedContinuation<NodeLife.Answer, Never>] = [:]
        var shown = SwarmdNodeState()
        /// What keeps the node from what it is about to become.
        var progress = ""
        var isClosed = false
    }

    private let contents = Mutex(State())
    private let facts: Inbox<NodeLife.Fact>

    /// Puts what is asked for into `facts`.
    init(facts: Inbox<NodeLife.Fact>) { self.facts = facts }

    /// What the node is, as it was last shown.
    var state: SwarmdNodeState {
        self.contents.withLock { state in
            var shown = state.shown
            shown.progress = state.progress
            return shown
        }
    }

    /// Shows what the node is.
    func show(_ state: SwarmdNodeState) { self.contents.withLock { $0.shown = state } }

    /// Shows what the node waits for; an empty text where it is not known.
    func report(_ progress: String) { self.contents.withLock { $0.progress = progress } }

    /// Hands in `request`; returns when it was done, throws FAILED_PRECONDITION with the reason when it was not.
    func ask(_ request: NodeLife.Request) async throws {
        let answer = await withCheckedContinuation { continuation in
            let ticket = self.contents.withLock { state -> NodeLife.Ticket? in
                guard !state.isClosed, state.waiting.count < Self.limit else { return nil }
                state.last += 1
                state.waiting[state.last] = continuation
                return state.last
            }
            guard let ticket else {
                return continuation.resume(
                    returning: .refused("the daemon is stopping, or too many calls wait")
                )
            }
            if !self.facts.put(.asked(request, ticket)) {
                self.answer(ticket, .refused("the daemon is stopping"))
            }
        }
        if case .refused(let reason) = answer { throw RPCError(code: .failedPrecondition, message: reason) }
    }

    /// Gives a call its answer.
    func answer(_ ticket: NodeLife.Ticket, _ answer: NodeLife.Answer) {
        self.contents.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: answer)
    }

    /// Answers all who wait; nobody waits from then on.
    func close() {
        let waiting = self.contents.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.self)
        }
        for continuation in waiting { continuation.resume(returning: .refused("the daemon is stopping")) }
    }
}
