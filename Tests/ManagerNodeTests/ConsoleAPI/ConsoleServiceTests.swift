import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct ConsoleServiceTests {
    /// Runs a console service beside `body`.
    private static func run(
        _ manager: TestManager,
        interval: Duration = .milliseconds(1),
        _ body: @Sendable (ConsoleService, AsyncStream<Void>.Continuation) async throws -> Void
    ) async throws {
        let (changes, change) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let member = SwarmRaftMember.with {
            $0.nodeID = "n1"
            $0.raftID = 5
            $0.status.leader = true
        }
        let sources = ConsoleSources(
            store: manager.store,
            logStatus: { manager.proposer.status },
            sessions: {
                [
                    .with {
                        $0.nodeID = "n1"
                        $0.sessionID = "x"
                    }
                ]
            },
            sessionChanges: changes,
            members: { [member] },
            now: { TestManager.now }
        )
        let service = ConsoleService(
            sources: sources,
            identity: .init(nodeID: "n1", hostname: "alpha", version: "0.1.0"),
            interval: interval
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await service.run() }
            try await body(service, change)
        }
    }

    /// Opens a console beside `body`, which reads its messages.
    private static func open(
        _ service: ConsoleService,
        _ body: @Sendable (AsyncStream<SwarmdConsoleStatus>) async throws -> Void
    ) async throws {
        let collector = MessageCollector<SwarmdConsoleStatus>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try? await service.status(
                    request: .init(),
                    response: RPCWriter(wrapping: collector),
                    context: .test
                )
            }
            try await body(collector.messages)
        }
    }

    /// Reads until a message meets `condition`; returns all the steps on the way.
    private static func read(
        _ messages: AsyncStream<SwarmdConsoleStatus>,
        until condition: (SwarmdConsoleStatus) -> Bool
    ) async -> (status: SwarmdConsoleStatus?, steps: [SwarmdTaskTransition]) {
        var steps: [SwarmdTaskTransition] = []
        while let status = await messages.next() {
            steps += status.transitions
            if condition(status) { return (status, steps) }
        }
        return (nil, steps)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a console gets the whole status at once`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Fixture.task("t1", state: .running, at: 7))
            try await Self.run(manager) { service, _ in
                try await Self.open(service) { messages in
                    let (status, steps) = await Self.read(messages) { !$0.states.isEmpty }
                    let first = try #require(status)
                    #expect(first.clusterID == TestManager.clusterID && first.clusterName == "default")
                    #expect(first.nodeID == "n1" && first.hostname == "alpha" && first.version == "0.1.0")
                    #expect(first.raft.leaderID == "n1" && first.raft.term == 1)
                    #expect(first.raft.commitIndex == 2 && first.raft.appliedIndex == 2)
                    #expect(first.raft.members.map(\.match) == [2])
                    #expect(first.sessions.map(\.sessionID) == ["x"])
                    #expect(first.states.map(\.tasks) == [1])
                    #expect(steps.map(\.taskID) == ["t1"])
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `certificates are told at once, and again only when they change`() async throws {
        try await TestManager.run { manager in
            try await Self.run(manager) { service, _ in
                try await Self.open(service) { messages in
                    let first = await messages.next()
                    #expect(first?.hasTrust == true && first?.trust.certificates.isEmpty == true)
                    try await manager.add(Fixture.task("t1", state: .running, at: 7))
                    let (task, _) = await Self.read(messages) { $0.states.map(\.tasks) == [1] }
                    #expect(task?.hasTrust == false)
                    try await manager.add(Fixture.node("n2"))
                    let (node, _) = await Self.read(messages) { $0.hasTrust }
                    #expect(node?.trust.certificates.map(\.nodeID) == ["n2"])
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `each step reaches each console once, however late it opens`() async throws {
        try await TestManager.run { manager in
            try await Self.run(manager) { service, _ in
                for number in 1...20 { try await manager.add(Fixture.task("a\(number)", at: 1)) }
                try await Self.open(service) { messages in
                    for number in 1...20 { try await manager.add(Fixture.task("b\(number)", at: 1)) }
                    let (status, steps) = await Self.read(messages) { $0.states.map(\.tasks) == [40] }
                    #expect(status != nil)
                    #expect(steps.count == 40 && Set(steps.map(\.taskID)).count == 40)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `many changes in one interval are one message`() async throws {
        try await TestManager.run { manager in
            try await Self.run(manager, interval: .seconds(1)) { service, _ in
                try await Self.open(service) { messages in
                    _ = await messages.next()
                    let start = ContinuousClock.now
                    for number in 1...100 { try await manager.add(Fixture.task("t\(number)", at: 1)) }
                    var count = 0
                    _ = await Self.read(messages) { status in
                        count += 1
                        return status.states.map(\.tasks) == [100]
                    }
                    // One an interval, however long the changes took, and one on either side.
                    let (seconds, _) = (ContinuousClock.now - start).components
                    #expect(count <= Int(seconds) + 3)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a change of sessions is sent without a commit`() async throws {
        try await TestManager.run { manager in
            try await Self.run(manager, interval: .zero) { service, change in
                try await Self.open(service) { messages in
                    _ = await messages.next()
                    // What the service publishes on starting comes first, if it has not come before.
                    change.yield()
                    #expect(await messages.next() != nil)
                    change.yield()
                    #expect(await messages.next() != nil)
                }
            }
        }
    }
}
