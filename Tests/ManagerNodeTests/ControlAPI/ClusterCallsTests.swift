import FoundationEssentials
import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

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
        .init(testDescription: "heartbeat_period: it must be at least 200ms", code: .invalidArgument) {
            $0.spec.dispatcher.heartbeatPeriod = .init(seconds: 0, nanos: 199_000_000)
        },
        .init(testDescription: "node_cert_expiry", code: .invalidArgument) {
            $0.spec.caConfig.nodeCertExpiry = .init(seconds: 3599, nanos: 0)
        },
        .init(testDescription: "signing_ca_key", code: .invalidArgument) {
            $0.spec.caConfig.signingCaKey = Data("x".utf8)
        },
        .init(testDescription: "signing_ca_cert", code: .invalidArgument) {
            $0.spec.caConfig.signingCaCert = Data("x".utf8)
        },
        .init(testDescription: "external_cas.url", code: .invalidArgument) {
            $0.spec.caConfig.externalCas = [.with { $0.url = "http://ca.example/sign" }]
        },
        .init(testDescription: "external_cas.url", code: .invalidArgument) {
            $0.spec.caConfig.externalCas = [.with { $0.url = "https://" }]
        },
        .init(testDescription: "external_cas.ca_cert", code: .invalidArgument) {
            $0.spec.caConfig.externalCas = [
                .with {
                    $0.url = "https://ca.example/sign"
                    $0.caCert = Data("x".utf8)
                }
            ]
        },
        .init(testDescription: "external_cas.protocol", code: .invalidArgument) {
            $0.spec.caConfig.externalCas = [
                .with {
                    $0.protocol = .UNRECOGNIZED(7)
                    $0.url = "https://ca.example/sign"
                }
            ]
        },
        .init(testDescription: "external_cas", code: .invalidArgument) {
            $0.spec.caConfig.externalCas = Array(repeating: .with { $0.url = "https://c/s" }, count: 17)
        },
        .init(testDescription: "acceptance_policy.role", code: .invalidArgument) {
            $0.spec.acceptancePolicy.policies = [.with { $0.role = .UNRECOGNIZED(9) }]
        },
        .init(testDescription: "update out of sequence", code: .unknown) { $0.clusterVersion.index += 1 },
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

    @Test func `CE2-06: a token is rotated alone, and speaks of the root as before`() async throws {
        try await TestManager.run { manager in
            let before = try await Self.get(manager).rootCa
            let after = try await Self.update(manager) { $0.rotation.workerJoinToken = true }.rootCa
            #expect(after.joinTokens.worker != before.joinTokens.worker)
            #expect(after.joinTokens.manager == before.joinTokens.manager)
            #expect(try JoinToken(parsing: after.joinTokens.worker).trusts(after.caCert))
            let last = try await Self.update(manager) { $0.rotation.managerJoinToken = true }.rootCa
            #expect(last.joinTokens.worker == after.joinTokens.worker)
            #expect(last.joinTokens.manager != after.joinTokens.manager)
        }
    }

    @Test func `MG-05: locking makes a key, rotation another, and unlocking takes it away`() async throws {
        try await TestManager.run { manager in
            @Sendable func keys() async -> [SwarmEncryptionKey] {
                await manager.state.clusters[TestManager.clusterID]?.unlockKeys ?? []
            }
            // Nothing is locked: there is nothing to rotate.
            _ = try await Self.update(manager) { $0.rotation.managerUnlockKey = true }
            #expect(await keys().isEmpty)
            let shown = try await Self.update(manager) { $0.spec.encryptionConfig.autoLockManagers = true }
            #expect(shown.unlockKeys.isEmpty)
            let first = try #require(await keys().first)
            #expect(first.subsystem == "swarm-manager" && first.key.count == UnlockKey.length)
            _ = try await Self.update(manager) { $0.spec.orchestration.taskHistoryRetentionLimit = 3 }
            #expect(await keys() == [first])
            _ = try await Self.update(manager) { $0.rotation.managerUnlockKey = true }
            let second = try #require(await keys().first)
            #expect(await keys().count == 1 && second.key != first.key)
            _ = try await Self.update(manager) { $0.spec.encryptionConfig.autoLockManagers = false }
            #expect(await keys().isEmpty)
        }
    }

    @Test func `CE2-07: force_rotate begins a rotation, and shows neither key`() async throws {
        try await TestManager.run { manager in
            let before = try await Self.get(manager).rootCa
            let shown = try await Self.update(manager) { $0.spec.caConfig.forceRotate = 1 }.rootCa
            #expect(shown.caCert == before.caCert && shown.joinTokens == before.joinTokens)
            #expect(shown.lastForcedRotation == 1)
            #expect(shown.rootRotation.caKey.isEmpty && shown.caKey.isEmpty)
            #expect(!shown.rootRotation.caCert.isEmpty && !shown.rootRotation.crossSignedCaCert.isEmpty)
            let stored = try #require(await manager.state.clusters[TestManager.clusterID]).rootCa
            #expect(!stored.caKey.isEmpty && !stored.rootRotation.caKey.isEmpty)
            // What the client was shown and sends back changes nothing more.
            let again = try await Self.update(manager) { _ in }.rootCa
            #expect(again.rootRotation == shown.rootRotation)
        }
    }

    @Test func `CE2-07: an operator's root is rotated to, and its key is kept once`() async throws {
        try await TestManager.run { manager in
            let brought = try RootAuthority(at: TestManager.now)
            let (certificate, key) = (Data(try brought.pem.utf8), Data(try brought.keyPEM.utf8))
            _ = try await Self.update(manager) {
                $0.spec.caConfig.signingCaCert = certificate
                $0.spec.caConfig.signingCaKey = key
            }
            let stored = try #require(await manager.state.clusters[TestManager.clusterID])
            #expect(stored.rootCa.rootRotation.caCert == certificate)
            #expect(!stored.rootCa.rootRotation.caKey.isEmpty)
            #expect(stored.spec.caConfig.signingCaKey.isEmpty)
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
