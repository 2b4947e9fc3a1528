import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

struct HealthServiceTests {
    private func check(
        _ health: HealthService,
        _ key: String
    ) async throws -> SwarmHealthCheckResponse.ServingStatus {
        let context = ServerContext(
            descriptor: MethodDescriptor(fullyQualifiedService: "s", method: "m"),
            remotePeer: "",
            localPeer: "",
            cancellation: .init()
        )
        return try await health.check(request: .with { $0.service = key }, context: context).status
    }

    @Test func `a key is served once it is set`() async throws {
        let health = HealthService(keys: ["Raft"])
        #expect(try await self.check(health, "") == .serving)
        #expect(try await self.check(health, "Raft") == .notServing)
        health.set("Raft", isServing: true)
        #expect(try await self.check(health, "Raft") == .serving)
    }

    @Test func `a key that nobody knows is not found`() async throws {
        let health = HealthService(keys: ["Raft"])
        let error = await #expect(throws: RPCError.self) { try await self.check(health, "ControlAPI") }
        #expect(error?.code == .notFound)
        #expect(error?.message == "unknown service")
    }
}
