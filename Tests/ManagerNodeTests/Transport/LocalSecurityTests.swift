import Credentials
import GRPCCore
import GRPCNIOTransportHTTP2
import Glibc
import NIOCore
import NIOPosix
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite(.timeLimit(.minutes(1))) struct LocalSecurityTests {
    /// Runs `body` with the path of a socket that `security` guards.
    private func serve(
        _ lab: TLSLab,
        _ security: LocalSecurity,
        _ body: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        let path = "/tmp/swarmd-test-\(LoopbackManager.makeID()).sock"
        let listener = try UnixListener(
            path: path,
            group: getegid(),
            security: security,
            loops: [.singletonMultiThreadedEventLoopGroup.next()]
        )
        let server = APIServer(listener: listener, services: [lab.callers], log: TLSLab.log)
        let (bound, binding) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await server.run(onReady: { _ in binding.yield() }) }
            group.addTask { for await _ in bound { return try await body(path) } }
            try await group.next()
        }
    }

    private func local(_ lab: TLSLab, _ limits: ConnectionLimits = .init()) -> LocalSecurity {
        LocalSecurity(
            lab.credentials,
            ownNode: "n1",
            limits: limits,
            log: TLSLab.log
        ) { [refusals = lab.refusals] in refusals.add($0) }
    }

    private func call(
        _ path: String,
        _ security: HTTP2ClientTransport.Posix.TransportSecurity
    ) async throws {
        var config = HTTP2ClientTransport.Posix.Config.defaults
        config.http2.authority = "localhost"
        let transport = try HTTP2ClientTransport.Posix(
            target: .unixDomainSocket(path: path),
            transportSecurity: security,
            config: config
        )
        try await withGRPCClient(transport: transport) { client in
            _ = try await SwarmHealth.Client(wrapping: client).check(.init())
        }
    }

    @Test func `the local socket serves plain and encrypted calls, and knows the process`() async throws {
        let lab = try TLSLab()
        let expected = PeerIdentity(
            .local(.init(uid: geteuid(), gid: getegid(), pid: UInt32(getpid()))),
            ownNode: "n1"
        )
        try await self.serve(lab, self.local(lab)) { path in
            try await self.call(path, .plaintext)
            #expect(lab.callers.last == expected)
            #expect(lab.callers.last?.nodeID == "n1")
            // SwarmKit's tools do not verify the server here.
            try await self.call(path, .tls { $0.serverCertificateVerification = .noVerification })
            #expect(lab.callers.last == expected)
            #expect(lab.refusals.counts.isEmpty)
        }
    }

    @Test func `without a certificate only plain calls are served`() async throws {
        let lab = try TLSLab()
        let refusals = lab.refusals
        let security = LocalSecurity(ownNode: nil, log: TLSLab.log) { refusals.add($0) }
        try await self.serve(lab, security) { path in
            await #expect(throws: RPCError.self) {
                try await self.call(path, .tls { $0.serverCertificateVerification = .noVerification })
            }
            #expect(refusals.counts[.handshake, default: 0] >= 1)
            try await self.call(path, .plaintext)
            #expect(lab.callers.last?.nodeID == nil)
        }
    }

    @Test func `who opens the socket and says nothing is cut off in time`() async throws {
        let lab = try TLSLab()
        var limits = ConnectionLimits()
        limits.handshake = .milliseconds(50)
        try await self.serve(lab, self.local(lab, limits)) { path in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path).get()
            try await channel.closeFuture.get()
            #expect(lab.refusals.counts == [.slow: 1])
        }
    }
}
