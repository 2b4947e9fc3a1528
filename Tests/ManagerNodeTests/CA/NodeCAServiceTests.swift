import FoundationEssentials
import GRPCCore
import Logging
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftASN1
import SwiftProtobuf
import Testing
import Trust
import X509

@testable import ManagerNode

/// Rows CE2-04, CE2-05, CE2-09 and P-05 of the parity list.
@Suite struct NodeCAServiceTests {
    private static func service(_ manager: TestManager, _ clock: SteppedClock) -> NodeCAService {
        NodeCAService(store: manager.store, clock: clock, makeID: ControlService.randomIdentifier)
    }

    private static func context(_ caller: PeerIdentity.Caller, fingerprint: String? = nil) -> ServerContext {
        var context = ServerContext.test
        var peer = PeerIdentity(caller, host: "10.0.0.9")
        peer.fingerprint = fingerprint
        context.transportSpecific = peer
        return context
    }

    private static func name(_ node: String, _ role: NodeName.Role = .worker) -> NodeName {
        NodeName(cluster: TestManager.clusterID, role: role, node: node)
    }

    /// Runs `body` with a service at a clock that stands at the store's moment.
    private static func run(
        _ body: @escaping @Sendable (TestManager, NodeCAService, SteppedClock) async throws -> Void
    ) async throws {
        try await TestManager.run { manager in
            let clock = SteppedClock(TestManager.now)
            try await body(manager, Self.service(manager, clock), clock)
        }
    }

    private static func tokens(_ manager: TestManager) async throws -> SwarmJoinTokens {
        try #require(await manager.state.clusters[TestManager.clusterID]).rootCa.joinTokens
    }

    // MARK: Joining

    @Test(arguments: [SwarmNodeRole.worker, .manager])
    func `CE2-05: the token decides the role, and the request is kept to the last byte`(
        role: SwarmNodeRole
    ) async throws {
        try await Self.run { manager, service, _ in
            let tokens = try await Self.tokens(manager)
            let csr = try TestRequest.make()
            let request = SwarmIssueNodeCertificateRequest.with {
                $0.csr = csr
                $0.token = role == .manager ? tokens.manager : tokens.worker
                $0.availability = .drain
                // What it says of itself does not count.
                $0.role = role == .manager ? .worker : .manager
            }
            let answer = try await service.issueNodeCertificate(
                request: request,
                context: Self.context(.stranger)
            )
            #expect(answer.nodeMembership == .accepted)
            let node = try #require(await manager.state.nodes[answer.nodeID])
            #expect(node.role == role && node.spec.desiredRole == role && node.certificate.role == role)
            #expect(node.spec.membership == .accepted && node.spec.availability == .drain)
            #expect(node.certificate.csr == csr && node.certificate.cn == node.id)
            #expect(node.certificate.status.state == .pending)
        }
    }

    @Test func `what is no request or no token is refused, counted, and leaves nothing behind`() async throws
    {
        try await TestManager.run { manager in
            let refusals = RefusalCounters()
            let service = NodeCAService(
                store: manager.store,
                clock: SteppedClock(TestManager.now),
                makeID: ControlService.randomIdentifier
            ) { refusal, address in
                #expect(address == "10.0.0.9")
                refusals.count(refusal.reason)
            }
            let token = try await Self.tokens(manager).worker
            let csr = try TestRequest.make()
            let noToken = "A valid join token is necessary to join this cluster"
            let cases: [(Data, String, String)] = [
                (Data(), token, "csr"), (csr, "", noToken), (csr, token + "0", noToken),
                (csr, String(token.dropLast()), noToken),
                (Data("garbage".utf8), token, "csr: certificate request: it is no PKCS #10 request in PEM"),
                (Data(count: 8_193), token, "csr: certificate request: it has more than 8192 bytes"),
            ]
            let proposed = manager.proposer.proposed
            for (csr, token, text) in cases {
                let error = await rpcError {
                    _ = try await service.issueNodeCertificate(
                        request: .with {
                            $0.csr = csr
                            $0.token = token
                        },
                        context: Self.context(.stranger)
                    )
                }
                #expect(error?.code == .invalidArgument)
                #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
            }
            #expect(manager.proposer.proposed == proposed)
            let counts = refusals.counts.map { "\($0.reason.rawValue) \($0.count)" }
            #expect(counts == ["wrong token 3", "bad certificate request 2"])
        }
    }

    @Test func `a flood of joins is slowed down`() async throws {
        try await Self.run { manager, service, clock in
            let token = try await Self.tokens(manager).worker
            let csr = try TestRequest.make()
            @Sendable func join() async -> RPCError? {
                await rpcError {
                    _ = try await service.issueNodeCertificate(
                        request: .with {
                            $0.csr = csr
                            $0.token = token
                        },
                        context: Self.context(.stranger)
                    )
                }
            }
            for _ in 0..<JoinLimits.ofAddress.atOnce { #expect(await join() == nil) }
            #expect(await join()?.code == .resourceExhausted)
            clock.advance(by: .seconds(1))
            #expect(await join() == nil)
        }
    }

    // MARK: Renewing

    @Test func `a certificate renews itself without a token`() async throws {
        try await Self.run { manager, service, _ in
            try await manager.add(
                SwarmNode.with {
                    $0.id = "n1"
                    $0.role = .manager
                    $0.certificate.status.state = .rotate
                    $0.certificate.certificate = Data("last".utf8)
                }
            )
            let csr = try TestRequest.make()
            for _ in 0..<2 {
                let answer = try await service.issueNodeCertificate(
                    request: .with { $0.csr = csr },
                    context: Self.context(.node(Self.name("n1", .manager)))
                )
                #expect(answer.nodeID == "n1")
            }
            let node = try #require(await manager.state.nodes["n1"])
            #expect(node.certificate.status.state == .renew)
            #expect(node.certificate.csr == csr && node.certificate.role == .manager)
            let error = await rpcError {
                _ = try await service.issueNodeCertificate(
                    request: .with { $0.csr = csr },
                    context: Self.context(.node(Self.name("n2")))
                )
            }
            #expect(error?.code == .notFound)
            #expect(error?.message == "node n2 not found when attempting to renew certificate")
        }
    }

    @Test func `P-05: an expired certificate renews itself if it is the last one of its node`() async throws {
        try await Self.run { manager, _, clock in
            let refusals = RefusalCounters()
            let service = NodeCAService(
                store: manager.store,
                clock: clock,
                makeID: ControlService.randomIdentifier
            ) { refusal, _ in refusals.count(refusal.reason) }
            let root = try RootAuthority(at: TestManager.now)
            let csr = try TestRequest.make()
            let request = try CertificateRequest(pem: String(decoding: csr, as: UTF8.self))
            let leaf = try root.sign(request, as: Self.name("n1"), at: TestManager.now)
            var serializer = DER.Serializer()
            try serializer.serialize(leaf)
            let shown = ExpiredRenewal.hash(of: serializer.serializedBytes)
            let chain = Data(try leaf.text.utf8)
            try await manager.add(
                SwarmNode.with {
                    $0.id = "n1"
                    $0.certificate.certificate = chain
                    $0.certificate.status.state = .issued
                }
            )
            @Sendable func renew(_ fingerprint: String?) async -> RPCError? {
                await rpcError {
                    _ = try await service.issueNodeCertificate(
                        request: .with { $0.csr = csr },
                        context: Self.context(.expired(Self.name("n1")), fingerprint: fingerprint)
                    )
                }
            }
            clock.advance(by: CertificateLifetime.node + .seconds(10 * 86_400))
            for fingerprint in [nil, "", ExpiredRenewal.hash(of: [1])] {
                #expect(await renew(fingerprint)?.code == .permissionDenied)
            }
            #expect(await renew(shown) == nil)
            #expect(await manager.state.nodes["n1"]?.certificate.status.state == .renew)
            clock.advance(by: .seconds(21 * 86_400))
            #expect(await renew(shown)?.message.contains("30 days") == true)
            let stranger = await rpcError {
                _ = try await service.issueNodeCertificate(
                    request: .with { $0.csr = csr },
                    context: Self.context(.expired(Self.name("n2")), fingerprint: shown)
                )
            }
            #expect(stranger?.code == .permissionDenied)
            #expect(refusals.counts.map(\.reason) == [.lateRenewal])
            #expect(refusals.counts.map(\.count) == [5])
        }
    }

    // MARK: Waiting

    @Test(arguments: [SwarmIssuanceStatus.State.issued, .failed, .rotate])
    func `the status waits until it is decided`(state: SwarmIssuanceStatus.State) async throws {
        try await Self.run { manager, service, _ in
            let node = try await manager.add(
                SwarmNode.with {
                    $0.id = "n1"
                    $0.certificate.csr = Data("csr".utf8)
                    $0.certificate.status.state = .pending
                }
            )
            async let answer = service.nodeCertificateStatus(
                request: .with { $0.nodeID = "n1" },
                context: Self.context(.stranger)
            )
            try await manager.store.update { transaction in
                var node = node
                node.certificate.status.state = state
                try transaction.update(node)
            }
            let status = try await answer
            #expect(status.status.state == state)
            #expect(status.certificate.csr == Data("csr".utf8))
        }
    }

    @Test func `the status of a node that is not known is not waited for, nor of one for ever`() async throws
    {
        try await Self.run { manager, service, clock in
            let unknown = await rpcError {
                _ = try await service.nodeCertificateStatus(
                    request: .with { $0.nodeID = "n1" },
                    context: Self.context(.stranger)
                )
            }
            #expect(unknown?.code == .notFound)
            try await manager.add(
                SwarmNode.with {
                    $0.id = "n1"
                    $0.certificate.status.state = .pending
                }
            )
            try await manager.store.update { transaction in
                guard let node = transaction.state.nodes["n1"] else { return }
                if let waiting = NodeSigning.waiting(node, "no server") { try transaction.update(waiting) }
            }
            async let late = rpcError {
                _ = try await service.nodeCertificateStatus(
                    request: .with { $0.nodeID = "n1" },
                    context: Self.context(.stranger)
                )
            }
            while clock.sleepers == 0 { await Task.yield() }
            clock.advance(by: .seconds(30))
            let error = try #require(await late)
            #expect(error.code == .deadlineExceeded)
            #expect(IssuancePending.reason(in: error) == "no server")
        }
    }

    // MARK: The whole way

    @Test func `a node that joined gets a certificate of the cluster's root`() async throws {
        try await Self.run { manager, service, clock in
            let token = try await Self.tokens(manager).worker
            let csr = try TestRequest.make()
            let loop = ReconcileLoop(
                CertificateSigner(),
                store: manager.store,
                seed: 1,
                clock: clock,
                log: Logger(label: "test")
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await loop.run() }
                let joined = try await service.issueNodeCertificate(
                    request: .with {
                        $0.csr = csr
                        $0.token = token
                    },
                    context: Self.context(.stranger)
                )
                let answer = try await service.nodeCertificateStatus(
                    request: .with { $0.nodeID = joined.nodeID },
                    context: Self.context(.stranger)
                )
                let root = try #require(await manager.state.clusters[TestManager.clusterID]).rootCa.caCert
                let leaf = try CertificateBundle.readOne(answer.certificate.certificate, named: "certificate")
                try ForeignCertificate.check(
                    leaf,
                    String(decoding: csr, as: UTF8.self),
                    as: Self.name(joined.nodeID),
                    by: root,
                    at: TestManager.now
                )
                #expect(answer.certificate.csr == csr)
            }
        }
    }
}
