import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct ManagerRestartTests {
    @Test func `an agent finds its restarted manager again, and reports all to it`() async throws {
        let (manager, executor) = (FakeManager(), ScriptedExecutor())
        manager.change { $0.assigned["t1"] = .make("t1") }
        try await withFolder { folder in
            let port = try await manager.serve { address in try ServerAddress(address).port }
            let agent = try Agent.make(at: "127.0.0.1:\(port)", in: folder, executor)
            try await with {
                try await agent.run()
            } _: {
                for round in 1...3 {
                    manager.change { $0.updates = [] }
                    try await manager.serve(port: port) { _ in
                        try await eventually("running in round \(round)", within: .seconds(10)) {
                            manager.states(of: "t1").last == .running
                        }
                    }
                }
            }
            #expect(try NodeState.load(from: folder)?.managers.map(\.address) == ["127.0.0.1:\(port)"])
        }
        #expect(executor.starts(of: "t1") == 1)
        // To whoever leads it is the same session, which costs no registration.
        let sessions = manager.read { $0.sessions.map(\.sessionID) }
        #expect(sessions.count >= 3 && Set(sessions.dropFirst()) == ["session1"], "\(sessions)")
    }
}
