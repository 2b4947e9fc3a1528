import SwarmAPI
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct AssignmentTrackerTests {
    private func accepted(_ messages: [SwarmAssignmentsMessage]) -> [Bool] {
        var tracker = AssignmentTracker()
        return messages.map { tracker.accepts($0) }
    }

    @Test func `a stream continues where the last message ended`() {
        let messages: [SwarmAssignmentsMessage] = [
            .complete([]), .incremental(from: 1), .incremental(from: 2), .incremental(from: 4), .complete([]),
        ]
        #expect(self.accepted(messages) == [true, true, true, false, true])
    }

    @Test func `a stream begins with a complete message`() {
        #expect(self.accepted([.incremental(from: 0)]) == [false])
    }
}
