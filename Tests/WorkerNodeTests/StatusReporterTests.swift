import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct StatusReporterTests {
    @Test func `a session's end is passed on and the next session hears all`() async throws {
        let reporter = StatusReporter(clock: HurriedClock(factor: 100).clock, log: quiet)
        reporter.report(.with { $0.state = .running }, of: "t1")
        await #expect(throws: RPCError.self) {
            try await reporter.run { _ in throw RPCError(code: .invalidArgument, message: "session invalid") }
        }
        let told = Mailbox<[String]>([])
        try await with {
            try await reporter.run { updates in told.change { $0 += updates.map(\.taskID) } }
        } _: {
            try await eventually("told") { told.access { $0 } == ["t1"] }
        }
    }

    @Test func `a refused status doesn't hold the others up`() async throws {
        let reporter = StatusReporter(clock: HurriedClock(factor: 100).clock, log: quiet)
        for id in ["t1", "foreign", "t2"] { reporter.report(.with { $0.state = .running }, of: id) }
        let told = Mailbox<[String]>([])
        try await with {
            try await reporter.run { updates in
                let ids = updates.map(\.taskID)
                if ids.contains("foreign") { throw RPCError(code: .permissionDenied, message: "foreign") }
                told.change { $0 += ids }
            }
        } _: {
            try await eventually("told") { told.access { $0 } == ["t1", "t2"] }
        }
    }
}
