import FoundationEssentials
import GRPCCore
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// What an agent hears of certificates, roots and keys while its session is open: row CE2-07 of the parity list.
@Suite struct SessionTrustTests {
    @Test(.timeLimit(.minutes(1))) func `the root, the keys and the certificate's state are pushed`()
        async throws
    {
        try await LoopbackManager.run { manager in
            let dispatcher = SwarmDispatcher.Client(wrapping: manager.client)
            try await dispatcher.session(.init(), metadata: LoopbackManager.metadata("n1")) { response in
                var messages = response.messages.makeAsyncIterator()
                #expect(try await messages.next()?.rootCa.isEmpty == true)
                try await Self.change(manager) { $0.rootCa.caCert = Data("root".utf8) }
                #expect(try await messages.next()?.rootCa == Data("root".utf8))
                try await Self.change(manager) { $0.networkBootstrapKeys = [.with { $0.lamportTime = 7 }] }
                #expect(try await messages.next()?.networkBootstrapKeys.map(\.lamportTime) == [7])
                for state in [SwarmIssuanceStatus.State.rotate, .renew, .issued] {
                    try await manager.store.update { transaction in
                        guard var node = transaction.state.nodes["n1"] else { return }
                        node.certificate.status.state = state
                        try transaction.update(node)
                    }
                    #expect(try await messages.next()?.node.certificate.status.state == state)
                }
                // The managers' own secrets are nothing for an agent.
                try await Self.change(manager) { $0.rootCa.caKey = Data("key".utf8) }
                try await Self.change(manager) { $0.rootCa.caCert = Data("next".utf8) }
                #expect(try await messages.next()?.rootCa == Data("next".utf8))
            }
        }
    }

    private static func change(
        _ manager: LoopbackManager,
        _ body: @escaping @Sendable (inout SwarmCluster) -> Void
    ) async throws {
        try await manager.store.update { transaction in
            var cluster: SwarmCluster = try transaction.find("cluster")
            body(&cluster)
            try transaction.update(cluster)
        }
    }
}
