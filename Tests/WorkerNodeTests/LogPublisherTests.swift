import Execution
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct LogPublisherTests {
    private func withAgent(
        _ body: @escaping @Sendable (FakeManager, ScriptedExecutor) async throws -> Void
    ) async throws {
        let (manager, executor) = (FakeManager(), ScriptedExecutor())
        executor.change { contents in
            contents.output = ["one\n", "two\n"].map {
                LogChunk(stream: .stdout, at: .with { $0.seconds = 7 }, data: Array($0.utf8))
            }
        }
        for task in [SwarmTask.make("t1"), .make("t2"), .make("t3", service: "other")] {
            manager.change { $0.assigned[task.id] = task }
        }
        try await withFolder { folder in
            try await manager.serve { address in
                let agent = try Agent.make(at: address, in: folder, executor)
                try await with {
                    try await agent.run()
                } _: {
                    try await eventually("running") {
                        ["t1", "t2", "t3"].allSatisfy { manager.states(of: $0).last == .running }
                    }
                    try await eventually("listening") { !manager.read(\.callers).isEmpty }
                    try await body(manager, executor)
                }
            }
        }
    }

    @Test func `a service's output is published and the subscription closed`() async throws {
        try await self.withAgent { manager, _ in
            manager.subscribe(
                .with {
                    $0.id = "s1"
                    $0.selector.serviceIds = ["service1"]
                }
            )
            try await eventually("close") { manager.read { $0.published.last?.close == true } }
            let messages = manager.read { $0.published.flatMap(\.messages) }
            #expect(Set(messages.map(\.context.taskID)) == ["t1", "t2"])
            #expect(Set(messages.map(\.context.nodeID)) == ["node1"])
            #expect(manager.read { Set($0.published.map(\.subscriptionID)) } == ["s1"])
            for task in ["t1", "t2"] {
                let data = messages.filter { $0.context.taskID == task }.map {
                    String(decoding: $0.data, as: UTF8.self)
                }
                #expect(data == ["one\n", "two\n"])
            }
        }
    }

    @Test func `a followed subscription takes in new tasks until it is closed`() async throws {
        try await self.withAgent { manager, _ in
            let subscription = SwarmSubscriptionMessage.with {
                $0.id = "s1"
                $0.selector.taskIds = ["t1", "t9"]
                $0.options.follow = true
            }
            manager.subscribe(subscription)
            try await eventually("t1") { manager.read { $0.published.count } == 2 }
            manager.assign(.incremental(from: 1, [.make("t9")]))
            try await eventually("t9") {
                manager.read { $0.published.flatMap(\.messages).filter { $0.context.taskID == "t9" }.count }
                    == 2
            }
            var close = subscription
            close.close = true
            manager.subscribe(close)
            // The same id can be used anew only when the first one ended.
            try await eventually("ended") {
                manager.subscribe(subscription)
                return manager.read { $0.published.count } > 4
            }
        }
    }
}
