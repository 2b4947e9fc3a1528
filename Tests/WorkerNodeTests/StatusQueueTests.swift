import SwarmAPI
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct StatusQueueTests {
    private func status(_ state: SwarmTaskState) -> SwarmTaskStatus { .with { $0.state = state } }
    private func text(_ updates: [StatusQueue.Update]) -> [String] {
        updates.map { "\($0.taskID) \($0.status.state)" }
    }

    @Test func `the newest status of a task wins`() {
        var queue = StatusQueue()
        queue.note(self.status(.accepted), of: "b")
        queue.note(self.status(.ready), of: "a")
        queue.note(self.status(.running), of: "b")
        #expect(self.text(queue.begin()) == ["a ready", "b running"])
        queue.succeed()
        #expect(queue.begin().isEmpty)
    }

    @Test func `what changes during a call goes with the next`() {
        var queue = StatusQueue()
        queue.note(self.status(.accepted), of: "a")
        _ = queue.begin()
        queue.note(self.status(.running), of: "a")
        queue.succeed()
        #expect(self.text(queue.begin()) == ["a running"])
    }

    @Test func `a call that failed is made again with the newest`() {
        var queue = StatusQueue()
        queue.note(self.status(.accepted), of: "a")
        queue.note(self.status(.accepted), of: "b")
        _ = queue.begin()
        queue.note(self.status(.running), of: "a")
        queue.fail()
        #expect(self.text(queue.begin()) == ["a running", "b accepted"])
    }

    @Test func `a new session hears everything again but what was forgotten`() {
        var queue = StatusQueue()
        for id in ["a", "b"] { queue.note(self.status(.running), of: id) }
        _ = queue.begin()
        queue.succeed()
        queue.forget("a")
        queue.restart()
        #expect(self.text(queue.begin()) == ["b running"])
    }

    @Test func `a call carries no more than its limit`() {
        var queue = StatusQueue()
        for number in 0...StatusQueue.batchLimit { queue.note(self.status(.running), of: "\(number)") }
        #expect(queue.begin().count == StatusQueue.batchLimit)
        queue.succeed()
        #expect(queue.begin().count == 1)
    }

    @Test func `a refused call is taken apart until the culprit is left out`() {
        var queue = StatusQueue()
        for id in ["a", "b", "c"] { queue.note(self.status(.running), of: id) }
        var told: [String] = []
        var calls = 0
        while case let updates = queue.begin(), !updates.isEmpty, calls < 10 {
            calls += 1
            if updates.contains(where: { $0.taskID == "b" }) {
                queue.refuse()
            } else {
                told += self.text(updates)
                queue.succeed()
            }
        }
        #expect(told == ["a running", "c running"])
        #expect(calls == 4)
        queue.note(self.status(.complete), of: "b")
        #expect(self.text(queue.begin()) == ["b complete"])
    }
}
