import Execution
import GRPCCore
import Primitives
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct AgentTests {
    /// Runs an agent against a manager, both anew.
    private func withAgent(
        assigned: [SwarmTask] = [],
        _ body: @escaping @Sendable (FakeManager, ScriptedExecutor) async throws -> Void
    ) async throws {
        let (manager, executor) = (FakeManager(), ScriptedExecutor())
        manager.change { contents in for task in assigned { contents.assigned[task.id] = task } }
        try await withFolder { folder in
            try await manager.serve { address in
                let agent = try Agent.make(at: address, in: folder, executor)
                try await with {
                    try await agent.run()
                } _: {
                    try await body(manager, executor)
                }
            }
        }
    }

    @Test func `an assigned task runs and its statuses come in order`() async throws {
        try await self.withAgent { manager, executor in
            try await eventually("assignments") { manager.read { $0.subscriptions } == 1 }
            manager.assign(.incremental(from: 1, [.make("t1")]))
            try await eventually("running") { manager.states(of: "t1").last == .running }
            let states = manager.states(of: "t1").map(\.rawValue)
            #expect(states == states.sorted())
            #expect(executor.starts(of: "t1") == 1)
            #expect(manager.status(of: "t1")?.container.pid == 42)
            #expect(manager.read(\.callers) == ["node1"])
        }
    }

    @Test func `a task that is wanted shut down is stopped`() async throws {
        try await self.withAgent(assigned: [.make("t1")]) { manager, _ in
            try await eventually("running") { manager.states(of: "t1").last == .running }
            manager.assign(.incremental(from: 1, [.make("t1", desired: .shutdown)]))
            try await eventually("shutdown") { manager.states(of: "t1").last == .shutdown }
            #expect(manager.status(of: "t1")?.container.exitCode == 143)
        }
    }

    @Test func `a task that fails is reported with its exit code`() async throws {
        try await self.withAgent(assigned: [.make("t1")]) { manager, executor in
            try await eventually("running") { manager.states(of: "t1").last == .running }
            executor.end("t1", code: 3)
            try await eventually("failed") { manager.states(of: "t1").last == .failed }
            #expect(manager.status(of: "t1")?.container.exitCode == 3)
            #expect(manager.status(of: "t1")?.err == "task: non-zero exit (3)")
        }
    }

    @Test func `a task that can't be prepared is rejected`() async throws {
        try await self.withAgent { manager, executor in
            executor.change { $0.prepareFailure = .rejected("no such image") }
            try await eventually("assignments") { manager.read { $0.subscriptions } == 1 }
            manager.assign(.incremental(from: 1, [.make("t1")]))
            try await eventually("rejected") { manager.states(of: "t1").last == .rejected }
            #expect(executor.starts(of: "t1") == 0)
        }
    }

    @Test func `a withdrawn task is cleared away and not reported again`() async throws {
        try await self.withAgent(assigned: [.make("t1")]) { manager, executor in
            try await eventually("running") { manager.states(of: "t1").last == .running }
            manager.assign(.incremental(from: 1, removing: ["t1"]))
            try await eventually("removed") { executor.read { $0.tasks["t1"]?.isRemoved == true } }
            manager.change { $0.updates = [] }
            manager.change { $0.heartbeatFailure = RPCError(code: .notFound, message: "node not registered") }
            try await eventually("another session") { manager.read { $0.subscriptions } == 2 }
            #expect(manager.states(of: "t1").isEmpty)
        }
    }

    @Test func `an agent that comes back runs no task twice and reports all again`() async throws {
        let (manager, executor) = (FakeManager(), ScriptedExecutor())
        let ids = (1...20).map { "t\($0)" }
        manager.change { contents in for id in ids { contents.assigned[id] = .make(id) } }
        try await withFolder { folder in
            try await manager.serve { address in
                let first = try Agent.make(at: address, in: folder, executor)
                try await with {
                    try await first.run()
                } _: {
                    try await eventually("running") {
                        ids.allSatisfy { manager.states(of: $0).last == .running }
                    }
                }
                manager.change { $0.updates = [] }
                executor.end("t7", code: 5)
                let second = try Agent.make(at: address, in: folder, executor)
                try await with {
                    try await second.run()
                } _: {
                    try await eventually("reported again") {
                        ids.allSatisfy { manager.states(of: $0).last == ($0 == "t7" ? .failed : .running) }
                    }
                }
            }
        }
        #expect(ids.allSatisfy { executor.starts(of: $0) == 1 })
        #expect(manager.status(of: "t7")?.container.exitCode == 5)
        #expect(executor.read(\.leftoversExcept) == [[], Set(ids)])
        #expect(executor.read { $0.tasks.values.allSatisfy { !$0.isRemoved } })
    }

    @Test func `tasks go on without a manager and are adopted from the database`() async throws {
        let (manager, executor) = (FakeManager(), ScriptedExecutor())
        manager.change { $0.assigned["t1"] = .make("t1") }
        try await withFolder { folder in
            let gone = try await manager.serve { address in
                let agent = try Agent.make(at: address, in: folder, executor)
                try await with {
                    try await agent.run()
                } _: {
                    try await eventually("running") { manager.states(of: "t1").last == .running }
                }
                return address
            }
            executor.end("t1", code: 0)
            let agent = try Agent.make(at: gone, in: folder, executor)
            let database = try TaskDatabase(path: folder + "/worker/tasks.db")
            try await with {
                try await agent.run()
            } _: {
                try await eventually("complete") {
                    try await database.load().first?.status?.state == .complete
                }
            }
        }
        #expect(executor.starts(of: "t1") == 1)
    }

    @Test func `a session that the manager calls invalid is followed by another`() async throws {
        try await self.withAgent(assigned: [.make("t1")]) { manager, _ in
            try await eventually("running") { manager.states(of: "t1").last == .running }
            manager.change { contents in
                contents.updates = []
                contents.heartbeatFailure = RPCError(code: .invalidArgument, message: "session invalid")
            }
            try await eventually("reported again") { manager.states(of: "t1").last == .running }
            #expect(manager.read { $0.sessions.map(\.sessionID) } == ["", ""])
        }
    }

    @Test func `a report that fails in passing is made again`() async throws {
        try await self.withAgent { manager, _ in
            try await eventually("assignments") { manager.read { $0.subscriptions } == 1 }
            manager.change { $0.reportFailure = RPCError(code: .unavailable, message: "busy") }
            manager.assign(.incremental(from: 1, [.make("t1")]))
            try await eventually("running") { manager.states(of: "t1").last == .running }
            #expect(manager.read { $0.sessions.count } == 1)
        }
    }

    @Test func `a gap in the assignments leads to a new subscription in the same session`() async throws {
        try await self.withAgent { manager, _ in
            try await eventually("assignments") { manager.read { $0.subscriptions } == 1 }
            manager.assign(.incremental(from: 5, [.make("t1")]))
            try await eventually("running") { manager.states(of: "t1").last == .running }
            #expect(manager.read { $0.subscriptions } == 2)
            #expect(manager.read { $0.sessions.count } == 1)
        }
    }

    @Test func `a thousand tasks need few reports`() async throws {
        try await self.withAgent { manager, executor in
            try await eventually("assignments") { manager.read { $0.subscriptions } == 1 }
            let tasks = (0..<1000).map { SwarmTask.make("t\($0)") }
            manager.assign(.incremental(from: 1, tasks))
            try await eventually("running") {
                let newest = manager.read { contents in
                    contents.updates.joined().reduce(into: [String: SwarmTaskState]()) {
                        $0[$1.taskID] = $1.status.state
                    }
                }
                return newest.count == 1000 && newest.values.allSatisfy { $0 == .running }
            }
            #expect(executor.read { $0.tasks.values.map(\.starts).reduce(0, +) } == 1000)
            #expect(manager.read { $0.updates.count } <= 200)
        }
    }

    /// Runs an agent that asks for its description often, with one task; all deadlines stay as they are.
    private func withRenamedAgent(
        _ manager: FakeManager = FakeManager(),
        _ executor: ScriptedExecutor = ScriptedExecutor(),
        _ body: @escaping @Sendable (FakeManager, ScriptedExecutor) async throws -> Void
    ) async throws {
        manager.change { $0.assigned["t1"] = .make("t1") }
        let clock = WorkerClock(now: WorkerClock.system.now) { span in
            try await Task.sleep(for: span == DescriptionSource.period ? .milliseconds(20) : span)
        }
        try await withFolder { folder in
            try await manager.serve { address in
                let configuration = AgentConfiguration(
                    nodeID: "node1",
                    security: UncertifiedNode("node1"),
                    managers: [try ServerAddress(address)],
                    stateDirectory: folder
                )
                let agent = Agent(configuration: configuration, executor: executor, log: quiet, clock: clock)
                try await with {
                    try await agent.run()
                } _: {
                    try await eventually("running") { manager.states(of: "t1").last == .running }
                    executor.change { $0.hostname = "renamed" }
                    try await body(manager, executor)
                }
            }
        }
    }

    @Test func `a changed description opens the same session anew, before the old stream ends`() async throws
    {
        try await self.withRenamedAgent { manager, executor in
            try await eventually("the new stream alone") {
                manager.read { $0.subscriptions == 2 && $0.openSessions == 1 }
            }
            let last = manager.read(\.sessions.last)
            #expect(last?.sessionID == "session1" && last?.description_p.hostname == "renamed")
            executor.change { $0.hostname = "again" }
            try await eventually("the third stream alone") {
                manager.read { $0.subscriptions == 3 && $0.openSessions == 1 }
            }
            #expect(manager.read { $0.sessions.map(\.sessionID) } == ["", "session1", "session1"])
            #expect(manager.read(\.silences) == 0, "the node was without a stream")
            #expect(executor.starts(of: "t1") == 1)
        }
    }

    @Test func `a session goes on that can't be opened anew, until it can`() async throws {
        let manager = FakeManager()
        manager.change { $0.resumptionFailure = RPCError(code: .unavailable, message: "busy") }
        try await self.withRenamedAgent(manager) { manager, _ in
            try await eventually("the new stream alone") {
                manager.read { $0.subscriptions == 2 && $0.openSessions == 1 }
            }
            #expect(manager.read { $0.sessions.map(\.sessionID) } == ["", "session1", "session1"])
            #expect(manager.read(\.silences) == 0, "the node was without a stream")
        }
    }
}

/// Sleeps shorter than asked, so that long periods pass in a test.
struct HurriedClock {
    let factor: Int

    var clock: WorkerClock {
        WorkerClock(now: WorkerClock.system.now) { [factor] in try await Task.sleep(for: $0 / factor) }
    }
}
