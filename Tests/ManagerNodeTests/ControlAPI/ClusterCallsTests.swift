import FoundationEssentials
import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct ClusterCallsTests {
    private static func get(_ manager: TestManager) async throws -> SwarmCluster {
        try await manager.control.getCluster(
            request: .with { $0.clusterID = TestManager.clusterID },
            context: manager.context
        ).cluster
    }

    private static func update(
        _ manager: TestManager,
        _ change: @Sendable (inout SwarmUpdateClusterRequest) -> Void
    ) async throws -> SwarmCluster {
        let cluster = try await Self.get(manager)
        var request = SwarmUpdateClusterRequest.with {
            $0.clusterID = cluster.id
            $0.clusterVersion = cluster.meta.version
            $0.spec = cluster.spec
        }
        change(&request)
        return try await manager.control.updateCluster(request: request, context: manager.context).cluster
    }

    @Test func `heartbeat, history and task defaults can be changed`() async throws {
        try await TestManager.run { manager in
            let updated = try await Self.update(manager) {
                $0.spec.dispatcher.heartbeatPeriod = .init(seconds: 1, nanos: 0)
                $0.spec.orchestration.taskHistoryRetentionLimit = 2
                $0.spec.taskDefaults.logDriver.name = "json-file"
            }
            #expect(updated.spec.dispatcher.heartbeatPeriod.seconds == 1)
            let stored = try #require(await manager.state.clusters[TestManager.clusterID])
            #expect(stored.spec == updated.spec)
            #expect(stored.meta.version == updated.meta.version)
        }
    }

    struct BadChange: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: RPCError.Code
        let change: @Sendable (inout SwarmUpdateClusterRequest) -> Void
    }

    static let changes: [BadChange] = [
        .init(testDescription: "name", code: .invalidArgument) { $0.spec.annotations.name = "other" },
        .init(testDescription: "heartbeat", code: .invalidArgument) {
            $0.spec.dispatcher.heartbeatPeriod = .init(seconds: -1, nanos: 0)
        },
        .init(testDescription: "node_cert_expiry", code: .invalidArgument) {
            $0.spec.caConfig.nodeCertExpiry = .init(seconds: 3599, nanos: 0)
        },
        .init(testDescription: "ca_config", code: .unimplemented) { $0.spec.caConfig.forceRotate = 1 },
        .init(testDescription: "auto_lock_managers", code: .unimplemented) {
            $0.spec.encryptionConfig.autoLockManagers = true
        },
        .init(testDescription: "worker_join_token", code: .unimplemented) {
            $0.rotation.workerJoinToken = true
        },
    ]

    @Test(arguments: Self.changes)
    func `a bad change names its field and changes nothing`(_ bad: BadChange) async throws {
        try await TestManager.run { manager in
            let proposed = manager.proposer.proposed
            let error = await rpcError { _ = try await Self.update(manager, bad.change) }
            #expect(error?.code == bad.code)
            #expect(error?.message.contains(bad.testDescription) == true)
            #expect(manager.proposer.proposed == proposed)
        }
    }

    @Test func `no key leaves the manager`() throws {
        let secret = Data("secret".utf8)
        let cluster = SwarmCluster.with {
            $0.id = "c"
            $0.spec.caConfig.signingCaKey = secret
            $0.spec.caConfig.signingCaCert = secret
            $0.rootCa.caKey = secret
            $0.rootCa.caCert = Data("public".utf8)
            $0.rootCa.rootRotation.caKey = secret
            $0.networkBootstrapKeys = [.with { $0.key = secret }]
            $0.unlockKeys = [.with { $0.key = secret }]
        }
        let shown = ClusterView.redacted(cluster)
        let bytes: [UInt8] = try shown.serializedBytes()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"))
        #expect(shown.rootCa.caCert == cluster.rootCa.caCert)
        #expect(shown.defaultAddressPool == ["10.0.0.0/8"])
        #expect(shown.subnetSize == 24 && shown.vxlanudpport == 4789)
    }
}
