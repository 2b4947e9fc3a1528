import GRPCCore
import SwarmAPI
import SwarmRPC
import Testing
import Trust

@testable import ManagerNode

@Suite struct AuthorizerTests {
    private static func code(
        _ manager: AccessManager,
        _ certificate: TestCertificate
    ) async throws -> RPCError.Code? {
        try await manager.run { port in
            await rpcError {
                try await ManagerConnection.withClient(
                    to: ServerAddress(host: "127.0.0.1", port: port),
                    security: certificate,
                    within: .seconds(2)
                ) { client in _ = try await SwarmDispatcher.Client(wrapping: client).heartbeat(.init()) }
            }?.code
        }
    }

    @Test(arguments: [
        (TestCertificate(), Refusal.Reason.noCertificate), (.init("c2/swarm-worker/w1"), .otherCluster),
        (.init("c1/swarm-worker/removed"), .removedNode), (.init("!c1/swarm-worker/w1"), .expired),
        (.worker("w9"), .unknownNode),
    ])
    func `who may not call is refused and counted`(
        certificate: TestCertificate,
        reason: Refusal.Reason
    ) async throws {
        let manager = AccessManager("m1", leader: nil)
        #expect(try await Self.code(manager, certificate) == .permissionDenied)
        #expect(manager.refusals.counts.map(\.reason) == [reason])
        #expect(manager.last == nil)
    }

    @Test(arguments: [TestCertificate.worker("w1"), .manager("m2"), .manager("demoted")])
    func `who may call is let through under its own name`(certificate: TestCertificate) async throws {
        let manager = AccessManager("m1", leader: nil)
        #expect(try await Self.code(manager, certificate) == nil)
        #expect(manager.last?.nodeID == certificate.text?.split(separator: "/").last.map(String.init))
        #expect(manager.refusals.counts.isEmpty)
    }
}
