import GRPCCore
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

struct DispatcherServiceTests {
    /// Opens a session for the node and runs `body` with its first message, while the stream is open.
    private static func session<Result: Sendable>(
        _ node: String,
        _ manager: LoopbackManager,
        id: String = "",
        _ body: @escaping @Sendable (SwarmSessionMessage) async throws -> Result
    ) async throws -> Result {
        let request = SwarmSessionRequest.with {
            $0.description_p.hostname = "host-\(node)"
            $0.sessionID = id
        }
        let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
        return try await dispatcher.session(request, metadata: LoopbackManager.metadata(node)) { response in
            var messages = response.messages.makeAsyncIterator()
            return try await body(#require(await messages.next()))
        }
    }

    private static func report(
        _ manager: LoopbackManager,
        _ node: String,
        _ session: String,
        _ tasks: [String],
        _ state: SwarmTaskState
    ) async throws {
        let request = SwarmUpdateTaskStatusRequest.with {
            $0.sessionID = session
            $0.updates = tasks.map { id in
                .with {
                    $0.taskID = id
                    $0.status.state = state
                }
            }
        }
        let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
        _ = try await dispatcher.updateTaskStatus(request, metadata: LoopbackManager.metadata(node))
    }

    @Test func `the node is ready in the store before the first message`() async throws {
        try await LoopbackManager.run { manager in
            try await Self.session("n1", manager) { message in
                let node = try #require(await manager.store.committed.state.nodes["n1"])
                #expect(node.status.state == .ready)
                #expect(node.status.addr == "127.0.0.1")
                #expect(node.description_p.hostname == "host-n1")
                #expect(message.node == node)
                #expect(message.managers.map(\.peer.addr) == ["127.0.0.1:4242"])
                let sessions = await manager.dispatcher.sessions()
                #expect(sessions.map(\.sessionID) == [message.sessionID])
            }
        }
    }

    @Test func `a change of the node is pushed`() async throws {
        try await LoopbackManager.run { manager in
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            try await dispatcher.session(.init(), metadata: LoopbackManager.metadata("n1")) { response in
                var messages = response.messages.makeAsyncIterator()
                #expect(try await messages.next()?.node.spec.availability == .active)
                try await manager.store.update { transaction in
                    guard var node = transaction.state.nodes["n1"] else { return }
                    node.spec.availability = .drain
                    try transaction.update(node)
                }
                #expect(try await messages.next()?.node.spec.availability == .drain)
            }
        }
    }

    @Test func `callers that are no node, or unknown, are told so`() async throws {
        try await LoopbackManager.run { manager in
            let unknown = await #expect(throws: RPCError.self) {
                try await Self.session("n9", manager) { _ in }
            }
            #expect(unknown?.code == .unknown && unknown?.message == "node not found")
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            let anonymous = await #expect(throws: RPCError.self) { try await dispatcher.heartbeat(.init()) }
            #expect(anonymous?.code == .permissionDenied)
        }
    }

    @Test func `a session that is not the node's is invalid`() async throws {
        try await LoopbackManager.run { manager in
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            let metadata = LoopbackManager.metadata("n1")
            let none = await #expect(throws: RPCError.self) {
                try await dispatcher.heartbeat(.init(), metadata: metadata)
            }
            #expect(none?.code == .notFound && none?.message == "node not registered")
            try await Self.session("n1", manager) { message in
                let wrong = await #expect(throws: RPCError.self) {
                    try await dispatcher.heartbeat(.with { $0.sessionID = "x" }, metadata: metadata)
                }
                #expect(wrong?.code == .invalidArgument && wrong?.message == "session invalid")
                let right = try await dispatcher.heartbeat(
                    .with { $0.sessionID = message.sessionID },
                    metadata: metadata
                )
                #expect(right.period.seconds == 5 || right.period.seconds == 4)
            }
        }
    }

    @Test func `a session that is replaced has its streams ended`() async throws {
        try await LoopbackManager.run { manager in
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            let ended = await #expect(throws: RPCError.self) {
                try await dispatcher.session(.init(), metadata: LoopbackManager.metadata("n1")) { response in
                    for try await _ in response.messages where await manager.dispatcher.sessions().count == 1
                    {
                        try? await Self.session("n1", manager) { _ in }
                    }
                }
            }
            #expect(ended?.code == .aborted && ended?.message == "node must disconnect")
        }
    }

    @Test func `a session that another stream takes over keeps its node ready`() async throws {
        try await LoopbackManager.run { manager in
            let dispatcher = manager.dispatcher
            let old = try await dispatcher.openSession(node: "n1", addr: "127.0.0.1", .init())
            let request = SwarmSessionRequest.with {
                $0.description_p.hostname = "renamed"
                $0.sessionID = old.id
            }
            let new = try await dispatcher.openSession(node: "n1", addr: "127.0.0.2", request)
            #expect(new.id == old.id)
            dispatcher.closeSession(old)
            // Marks are written in order: one of the first node would be there before this.
            _ = try await dispatcher.openSession(node: "n2", addr: "127.0.0.1", .init())
            let node = try #require(await manager.store.committed.state.nodes["n1"])
            #expect(node.status.state == .ready && node.status.addr == "127.0.0.2")
            #expect(node.description_p.hostname == "renamed")
            #expect(try dispatcher.heartbeat(node: "n1", session: old.id) > .zero)
            dispatcher.closeSession(new)
            try await manager.waitFor { $0.nodes["n1"]?.status.state == .disconnected }
        }
    }

    @Test func `an agent gets its tasks, then what changes`() async throws {
        try await LoopbackManager.run { manager in
            try await manager.add(LoopbackManager.task("t1", on: "n1"))
            try await Self.session("n1", manager) { session in
                let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
                let request = SwarmAssignmentsRequest.with { $0.sessionID = session.sessionID }
                try await dispatcher.assignments(request, metadata: LoopbackManager.metadata("n1")) {
                    response in
                    var messages = response.messages.makeAsyncIterator()
                    let first = try #require(await messages.next())
                    #expect(first.type == .complete && first.changes.map(\.assignment.task.id) == ["t1"])
                    try await manager.add(LoopbackManager.task("t2", on: "n2"))
                    try await manager.add(LoopbackManager.task("t3", on: "n1"))
                    let second = try #require(await messages.next())
                    #expect(second.type == .incremental && second.appliesTo == first.resultsIn)
                    #expect(second.changes.map(\.assignment.task.id) == ["t3"])
                    try await manager.store.update { try $0.remove(SwarmTask.self, id: "t1") }
                    let third = try #require(await messages.next())
                    #expect(third.appliesTo == second.resultsIn)
                    #expect(third.changes.map(\.action) == [.remove])
                }
            }
        }
    }

    @Test func `a report is in the store when its call returns`() async throws {
        try await LoopbackManager.run { manager in
            try await manager.add(LoopbackManager.task("t1", on: "n1"))
            try await manager.add(LoopbackManager.task("t2", on: "n2"))
            try await Self.session("n1", manager) { session in
                try await Self.report(manager, "n1", session.sessionID, ["t1", "gone"], .running)
                let task = try #require(await manager.store.committed.state.tasks["t1"])
                #expect(task.status.state == .running && task.status.appliedBy == "manager")
                try await Self.report(manager, "n1", session.sessionID, ["t1"], .ready)
                #expect(await manager.store.committed.state.tasks["t1"] == task, "never backwards")
                let foreign = await #expect(throws: RPCError.self) {
                    try await Self.report(manager, "n1", session.sessionID, ["t1", "t2"], .complete)
                }
                #expect(foreign?.code == .permissionDenied)
                #expect(await manager.store.committed.state.tasks["t1"] == task)
            }
        }
    }

    @Test func `a thousand reports go in few transactions`() async throws {
        try await LoopbackManager.run { manager in
            let ids = (0..<1_000).map { "t\($0)" }
            try await manager.store.updateInBatches(
                ids.map { .create(.task(LoopbackManager.task($0, on: "n1"))) }
            )
            try await Self.session("n1", manager) { session in
                let before = manager.proposer.proposed
                try await Self.report(manager, "n1", session.sessionID, ids, .running)
                #expect(manager.proposer.proposed - before == 5)
            }
        }
    }

    @Test("DP-08: the end of the leader's term ends every stream, and no call is answered after it")
    func endOfTerm() async throws {
        try await LoopbackManager.run { manager in
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            let metadata = LoopbackManager.metadata("n1")
            let ended = await #expect(throws: RPCError.self) {
                try await dispatcher.session(.init(), metadata: metadata) { response in
                    for try await _ in response.messages { manager.endTerm() }
                }
            }
            #expect(ended?.code == .aborted && ended?.message == "node must disconnect")
            let refused = await #expect(throws: RPCError.self) {
                try await dispatcher.heartbeat(.init(), metadata: metadata)
            }
            #expect(refused?.code == .aborted && refused?.message == "dispatcher is stopped")
            #expect(await manager.dispatcher.sessions().isEmpty)
        }
    }

    @Test func `a node whose heartbeats stop is disconnected, then down`() async throws {
        try await LoopbackManager.run { manager in
            try await Self.session("n1", manager) { _ in }
            try await manager.waitFor { $0.nodes["n1"]?.status.state == .disconnected }
            manager.steady.advance(by: .seconds(20))
            try await manager.waitFor { $0.nodes["n1"]?.status.state == .down }
            let status = await manager.store.committed.state.nodes["n1"]?.status
            #expect(status?.message == "heartbeat failure")
        }
    }

    @Test func `a node that hangs with an open stream is down, and its stream ends`() async throws {
        try await LoopbackManager.run { manager in
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            let ended = await #expect(throws: RPCError.self) {
                try await dispatcher.session(.init(), metadata: LoopbackManager.metadata("n1")) { response in
                    for try await _ in response.messages { manager.steady.advance(by: .seconds(20)) }
                }
            }
            #expect(ended?.code == .aborted)
            try await manager.waitFor { $0.nodes["n1"]?.status.state == .down }
        }
    }

    @Test func `heartbeats keep a node, whatever steps the wall clock makes`() async throws {
        try await LoopbackManager.run { manager in
            try await Self.session("n1", manager) { session in
                let opened = manager.clock.now
                let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
                let metadata = LoopbackManager.metadata("n1")
                for step in [3600, -7200] as [Int64] {
                    manager.clock.advance(by: .seconds(step))
                    manager.steady.advance(by: .seconds(12))
                    _ = try await dispatcher.heartbeat(
                        .with { $0.sessionID = session.sessionID },
                        metadata: metadata
                    )
                }
                let shown = try #require(await manager.dispatcher.sessions().first)
                #expect(shown.openedAt == (opened + .seconds(-3600 - 24)).protobuf)
                #expect(shown.lastHeartbeat == manager.clock.now.protobuf)
                manager.steady.advance(by: .seconds(20))
                try await manager.waitFor { $0.nodes["n1"]?.status.state == .down }
            }
        }
    }

    @Test func `a node that never comes back after a change of leader is down`() async throws {
        try await LoopbackManager.run { manager in
            try await manager.waitFor { $0.nodes["n2"]?.status.state == .unknown }
            manager.steady.advance(by: .seconds(60))
            try await manager.waitFor { $0.nodes["n2"]?.status.state == .down }
            let message = await manager.store.committed.state.nodes["n2"]?.status.message
            #expect(message == #"heartbeat failure for node in "unknown" state"#)
        }
    }

    @Test func `the calls that we do not serve say so`() async throws {
        try await LoopbackManager.run { manager in
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            let volumes = await #expect(throws: RPCError.self) {
                try await dispatcher.updateVolumeStatus(.init())
            }
            #expect(volumes?.code == .unimplemented)
            let tasks = await #expect(throws: RPCError.self) {
                try await dispatcher.tasks(.init()) { for try await _ in $0.messages {} }
            }
            #expect(tasks?.code == .unimplemented)
        }
    }
}
