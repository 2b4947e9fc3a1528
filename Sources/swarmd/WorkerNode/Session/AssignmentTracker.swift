import SwarmAPI

/// Checks that a stream of assignments has no gap.
struct AssignmentTracker: Sendable {
    private var position: String?

    /// Tells whether `message` continues the stream; after false, subscribe again.
    mutating func accepts(_ message: SwarmAssignmentsMessage) -> Bool {
        switch message.type {
        case .complete: break
        case .incremental:
            guard let position = self.position, position == message.appliesTo else { return false }
        case .UNRECOGNIZED: return false
        }
        self.position = message.resultsIn
        return true
    }
}
