@testable import Dispatching
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

struct StatusBatchTests {
    private func report(_ id: String, _ state: SwarmTaskState, _ message: String = "") -> StatusBatch.Report {
        let status = SwarmTaskStatus.with {
            $0.state = state
            $0.message = message
        }
        return StatusBatch.Report(taskID: id, status: status)
    }

    private func request(_ reports: [StatusBatch.Report]) -> SwarmUpdateTaskStatusRequest {
        .with {
            $0.updates = reports.map { report in
                .with {
                    $0.taskID = report.taskID
                    $0.status = report.status
                }
            }
        }
    }

    /// What the reports make of a task that is STARTING with the message "m".
    private func outcome(_ reports: [StatusBatch.Report]) throws -> [String] {
        var fixture = Fixture()
        try fixture.addTask("t1", .starting)
        try fixture.change("t1") { $0.status.message = "m" }
        return StatusBatch(reports).tasks(on: fixture.state, by: "leader", now: Timestamp(seconds: 9)).map {
            #expect($0.status.appliedBy == "leader")
            #expect($0.status.appliedAt.seconds == 9)
            return "\($0.id) \($0.status.state) \($0.status.message)"
        }
    }

    @Test(arguments: [
        (SwarmTaskState.running, "", ["t1 running "]),
        (.starting, "n", ["t1 starting n"]),
        (.starting, "m", []),
        (.ready, "m", []),
        (.failed, "f", ["t1 failed f"]),
    ])
    func `a status is stored if it is new and not backwards`(
        state: SwarmTaskState,
        message: String,
        expected: [String]
    ) throws {
        #expect(try self.outcome([self.report("t1", state, message)]) == expected)
    }

    @Test(
        "TS-04: an end is final",
        arguments: [
            (SwarmTaskState.failed, "again", []), (.complete, "done", ["t1 complete done"]),
            (.running, "", []),
        ]
    )
    func finalEnd(state: SwarmTaskState, message: String, expected: [String]) throws {
        let reports = [self.report("t1", state, message)]
        var fixture = Fixture()
        try fixture.addTask("t1", .complete)
        let tasks = StatusBatch(reports).tasks(on: fixture.state, by: "leader", now: Timestamp(seconds: 9))
        #expect(tasks.map { "\($0.id) \($0.status.state) \($0.status.message)" } == expected)
    }

    @Test func `the newest of several reports about a task counts`() throws {
        let reports = [
            self.report("t1", .running), self.report("t1", .complete), self.report("t1", .running),
        ]
        #expect(try self.outcome(reports) == ["t1 complete "])
    }

    @Test func `reports about tasks that are gone or without a status are skipped`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1")
        var request = self.request([self.report("gone", .running), self.report("t1", .running)])
        request.updates.append(.with { $0.taskID = "t1" })
        let reports = try StatusBatch.reports(in: request, from: "n1", on: fixture.state)
        #expect(reports == [self.report("t1", .running)])
    }

    @Test func `one task of another node spoils the whole message`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1")
        try fixture.addTask("t2", node: "n2")
        let request = self.request([self.report("t1", .running), self.report("t2", .running)])
        #expect(throws: StatusBatch.ForeignTask(taskID: "t2")) {
            try StatusBatch.reports(in: request, from: "n1", on: fixture.state)
        }
    }
}
