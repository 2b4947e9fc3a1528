import Foundation
import LinuxSystem
import Testing

@testable import WorkerNode

@Suite struct NodeStateTests {
    private let state = NodeState(
        nodeID: "node1",
        managers: [.init(nodeID: "m1", address: "127.0.0.1:2377")]
    )

    @Test func `a state is found again`() async throws {
        try await withFolder { folder in
            #expect(try NodeState.load(from: folder) == nil)
            try self.state.save(to: folder)
            try self.state.save(to: folder)
            #expect(try NodeState.load(from: folder) == self.state)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state.json"])
        }
    }

    @Test(arguments: ["127.0.0.1", "\"format\"", "}"]) func `damage is named`(_ part: String) async throws {
        try await withFolder { folder in
            try self.state.save(to: folder)
            let path = folder + "/state.json"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacingOccurrences(of: part, with: "127.0.0.2").write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            #expect(throws: NodeStateError.damaged(path: path)) { _ = try NodeState.load(from: folder) }
        }
    }

    @Test func `a newer format is refused`() async throws {
        try await withFolder { folder in
            let path = folder + "/state.json"
            try #"{"format": 2, "future": true}"#.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: NodeStateError.newerFormat(path: path, found: 2)) {
                _ = try NodeState.load(from: folder)
            }
        }
    }

    @Test func `a folder that isn't there is named`() throws {
        let error = #expect(throws: SystemError.self) { try self.state.save(to: "/nonexistent") }
        #expect(error?.description == "open /nonexistent/state.json.new: No such file or directory")
    }
}
