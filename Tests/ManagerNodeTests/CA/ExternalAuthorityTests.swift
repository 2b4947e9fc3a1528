import FoundationEssentials
import GRPCCore
import Logging
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust
import X509

@testable import ManagerNode

/// Row CE2-07 of the parity list: the root's key is kept by a server that speaks CFSSL's HTTP.
@Suite struct ExternalAuthorityTests {
    private static func root() throws -> RootAuthority { try RootAuthority(at: SigningServer.now) }

    /// A cluster whose key is with the server.
    private static func entrust(_ manager: TestManager, to server: SigningServer) async throws {
        let certificate = Data(try server.root.pem.utf8)
        try await manager.store.update { transaction in
            var cluster: SwarmCluster = try transaction.find(TestManager.clusterID)
            cluster.rootCa = .with { $0.caCert = certificate }
            cluster.spec.caConfig.externalCas = [.with { $0.url = server.url }]
            try transaction.update(cluster)
        }
    }

    /// Runs the leader's component until the node's certificate is decided.
    private static func signed(
        _ manager: TestManager,
        _ client: ExternalAuthorityClient
    ) async throws -> SwarmNode {
        let signer = ExternalSigner(
            store: manager.store,
            client: client,
            clock: SteppedClock(SigningServer.now),
            log: Logger(label: "test")
        )
        return try await withThrowingTaskGroup(of: SwarmNode?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await signer.run()
                return nil
            }
            group.addTask {
                let watch = await manager.store.watch(limit: 1_000)
                for await commit in watch.commits {
                    let node = commit.state.nodes["n7"]
                    if let node, [.issued, .failed].contains(node.certificate.status.state) { return node }
                }
                return nil
            }
            try await manager.add(try Self.joining())
            return try #require(try await group.next() ?? nil)
        }
    }

    private static func joining() throws -> SwarmNode {
        try .with {
            $0.id = "n7"
            $0.spec.membership = .accepted
            $0.certificate.csr = try TestRequest.make()
            $0.certificate.status.state = .pending
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a node's certificate comes from the server`() async throws {
        try await SigningServer.run(root: Self.root()) { server in
            let client = try SigningServer.client(of: server.root)
            try await TestManager.run { manager in
                try await Self.entrust(manager, to: server)
                let node = try await Self.signed(manager, client)
                let leaf = try CertificateBundle.readOne(node.certificate.certificate, named: "certificate")
                let name = NodeName(cluster: TestManager.clusterID, role: .worker, node: "n7")
                #expect(NodeName(leaf.subject) == name)
                #expect(node.certificate.status.state == .issued)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a server that signs another name is not believed`() async throws {
        let sign: @Sendable (Data, RootAuthority) throws -> Data = { body, root in
            let text = String(decoding: body, as: UTF8.self).replacing("swarm-worker", with: "swarm-manager")
            return try SigningServer.sign(Data(text.utf8), by: root)
        }
        try await SigningServer.run(root: Self.root(), answer: sign) { server in
            let client = try SigningServer.client(of: server.root)
            try await TestManager.run { manager in
                try await Self.entrust(manager, to: server)
                let node = try await Self.signed(manager, client)
                #expect(node.certificate.status.state == .failed)
                #expect(
                    node.certificate.status.err
                        == "certificate: it could not be made: the external CA signed another name"
                )
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a server of another root, or that is not there, is no server`()
        async throws
    {
        let other = try Self.root()
        try await SigningServer.run(root: Self.root()) { server in
            let client = try SigningServer.client(of: server.root)
            let (own, foreign) = (Data(try server.root.pem.utf8), Data(try other.pem.utf8))
            try await client.probe(server.url, trusting: own)
            await #expect(throws: ExternalAuthorityClient.Failure.self) {
                try await client.probe(server.url, trusting: foreign)
            }
            await #expect(throws: ExternalAuthorityClient.Failure.self) {
                try await client.probe("https://localhost:1/sign", trusting: own)
            }
            // A client without a certificate of the root's is not served.
            let stranger = try SigningServer.client(of: other)
            await #expect(throws: ExternalAuthorityClient.Failure.self) {
                try await stranger.certificate(Data("{}".utf8), from: [server.url], trusting: [own])
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `what stands against a server is told with the cause`() async throws {
        let other = try Self.root()
        try await SigningServer.run(root: Self.root()) { server in
            let own = Data(try server.root.pem.utf8)
            let check = ExternalAuthorityCheck(servers: try SigningServer.client(of: server.root))
            func problem(of url: String, cluster root: Data, signingFor named: Data = Data()) async -> String?
            {
                let cluster = SwarmCluster.with {
                    $0.rootCa.caCert = root
                    $0.spec.caConfig.externalCas = [
                        .with {
                            $0.url = url
                            $0.caCert = named
                        }
                    ]
                }
                let findings = await check.findings(of: cluster)
                #expect(findings.map(\.url) == [url])
                return findings.first?.problem
            }
            #expect(await problem(of: server.url, cluster: own) == nil)
            #expect(
                await problem(of: "https://127.0.0.1:1/sign", cluster: own)
                    == "connection refused: nothing listens there"
            )
            let foreign = await problem(of: server.url, cluster: Data(try other.pem.utf8))
            #expect(foreign?.hasPrefix("TLS: its certificate does not lead to the root certificate") == true)
            let idle = await problem(of: server.url, cluster: Data(try other.pem.utf8), signingFor: own)
            #expect(idle == "it signs for another root certificate than the cluster's, and is not asked")
            let stranger = ExternalAuthorityCheck(servers: try SigningServer.client(of: other))
            let cluster = SwarmCluster.with {
                $0.rootCa.caCert = own
                $0.spec.caConfig.externalCas = [.with { $0.url = server.url }]
            }
            let refused = await stranger.findings(of: cluster).first?.problem
            #expect(refused?.hasPrefix("TLS: it does not accept this node's certificate") == true)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a node whose server can't be reached waits, and says why`() async throws {
        let root = try Self.root()
        let client = try SigningServer.client(of: root)
        try await TestManager.run { manager in
            try await manager.store.update { transaction in
                var cluster: SwarmCluster = try transaction.find(TestManager.clusterID)
                cluster.spec.caConfig.externalCas = [.with { $0.url = "https://127.0.0.1:1/sign" }]
                try transaction.update(cluster)
            }
            let watch = await manager.store.watch(limit: 1_000)
            let signer = ExternalSigner(
                store: manager.store,
                client: client,
                clock: SteppedClock(SigningServer.now),
                log: Logger(label: "test")
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await signer.run() }
                try await manager.add(try Self.joining())
                for await commit in watch.commits {
                    guard let node = commit.state.nodes["n7"], !node.certificate.status.err.isEmpty else {
                        continue
                    }
                    #expect(node.certificate.status.state == .pending)
                    #expect(
                        node.certificate.status.err
                            == "no external CA can be reached: https://127.0.0.1:1/sign: "
                            + "connection refused: nothing listens there"
                    )
                    #expect(SigningQueue.wants(node))
                    break
                }
            }
        }
    }

    @Test func `only a change of how the servers stand is told`() {
        var standing = ExternalStanding()
        #expect(standing.heard([nil]) == nil)
        #expect(standing.heard(["a", "a"]) == .lost("a"))
        #expect(standing.heard(["a"]) == nil)
        #expect(standing.heard([]) == nil)
        #expect(standing.heard(["b"]) == .lost("b"))
        #expect(standing.heard(["b", nil]) == .found)
        #expect(standing.heard([nil]) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func `the next server is asked where one does not answer`() async throws {
        try await SigningServer.run(root: Self.root()) { server in
            let client = try SigningServer.client(of: server.root)
            let csr = String(decoding: try TestRequest.make(), as: UTF8.self)
            let name = NodeName(cluster: "c1", role: .worker, node: "n1")
            let leaf = try await client.certificate(
                CFSSL.body(signing: csr, as: name),
                from: ["https://localhost:1/sign", server.url],
                trusting: [Data(try server.root.pem.utf8)]
            )
            #expect(NodeName(leaf.subject) == name)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `the server signs the root that takes its root's place`() async throws
    {
        try await SigningServer.run(root: Self.root()) { server in
            let client = try SigningServer.client(of: server.root)
            try await TestManager.run(servers: client) { manager in
                try await Self.entrust(manager, to: server)
                let present = try #require(await manager.state.clusters[TestManager.clusterID])
                let answer = try await manager.control.updateCluster(
                    request: .with {
                        $0.clusterID = present.id
                        $0.clusterVersion = present.meta.version
                        $0.spec = present.spec
                        $0.spec.caConfig.forceRotate = 1
                    },
                    context: manager.context
                )
                let rotation = answer.cluster.rootCa.rootRotation
                let crossSigned = try CertificateBundle.readOne(rotation.crossSignedCaCert, named: "root")
                let new = try CertificateBundle.readOne(rotation.caCert, named: "root")
                try ForeignCertificate.checkCrossSigned(crossSigned, of: new, by: Data(server.root.pem.utf8))
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a root without its key is taken only with its server`() async throws
    {
        try await SigningServer.run(root: Self.root()) { server in
            let client = try SigningServer.client(of: server.root)
            let certificate = Data(try server.root.pem.utf8)
            try await TestManager.run { manager in
                // The server's certificates are of today.
                let control = ControlService(
                    store: manager.store,
                    members: { [] },
                    now: { SigningServer.now },
                    servers: client
                )
                let present = try #require(await manager.state.clusters[TestManager.clusterID])
                @Sendable func update(_ url: String) async throws -> SwarmCluster {
                    try await control.updateCluster(
                        request: .with {
                            $0.clusterID = present.id
                            $0.clusterVersion = present.meta.version
                            $0.spec = present.spec
                            $0.spec.caConfig.signingCaCert = certificate
                            $0.spec.caConfig.externalCas = [
                                .with {
                                    $0.url = url
                                    $0.caCert = certificate
                                }
                            ]
                        },
                        context: manager.context
                    ).cluster
                }
                let wrong = await rpcError { _ = try await update("https://localhost:1/sign") }
                #expect(wrong?.code == .invalidArgument)
                #expect(
                    wrong?.message.contains(
                        "there must be at least one valid, reachable external CA corresponding to the desired CA certificate"
                    ) == true
                )
                let updated = try await update(server.url)
                #expect(updated.rootCa.rootRotation.caCert == certificate)
                #expect(
                    await manager.state.clusters[TestManager.clusterID]?.rootCa.rootRotation.caKey.isEmpty
                        == true
                )
            }
        }
    }
}
