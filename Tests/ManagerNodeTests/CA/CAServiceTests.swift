import FoundationEssentials
import GRPCCore
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// Rows CE2-05 and CE2-09 of the parity list.
@Suite struct CAServiceTests {
    @Test func `CE2-05: the root's exact bytes are given`() async throws {
        try await TestManager.run { manager in
            let service = CAService(store: manager.store)
            let answer = try await service.getRootCACertificate(request: .init(), context: manager.context)
            let cluster = try #require(await manager.state.clusters[TestManager.clusterID])
            #expect(answer.certificate == cluster.rootCa.caCert)
            #expect(answer.certificate.last == UInt8(ascii: "\n"))
        }
    }

    @Test func `CE2-09: the unlock key comes with its version, and none where nothing is locked`()
        async throws
    {
        try await TestManager.run { manager in
            let service = CAService(store: manager.store)
            let key = Data(repeating: 2, count: 32)
            let open = try await service.getUnlockKey(request: .init(), context: manager.context)
            #expect(open.unlockKey.isEmpty)
            try await manager.store.update { transaction in
                var cluster: SwarmCluster = try transaction.find(TestManager.clusterID)
                cluster.unlockKeys = [
                    .with {
                        $0.subsystem = "other"
                        $0.key = Data([1])
                    },
                    .with {
                        $0.subsystem = "swarm-manager"
                        $0.key = key
                    },
                ]
                try transaction.update(cluster)
            }
            let locked = try await service.getUnlockKey(request: .init(), context: manager.context)
            #expect(locked.unlockKey == key)
            let version = await manager.state.clusters[TestManager.clusterID]?.meta.version
            #expect(locked.version == version)
        }
    }

    @Test func `a cluster without a root has its nodes ask again`() async throws {
        try await TestManager.run { manager in
            try await manager.store.update { transaction in
                var cluster: SwarmCluster = try transaction.find(TestManager.clusterID)
                cluster.rootCa = .init()
                try transaction.update(cluster)
            }
            let error = await rpcError {
                _ = try await CAService(store: manager.store)
                    .getRootCACertificate(request: .init(), context: manager.context)
            }
            #expect(error?.code == .aborted)
        }
    }
}
