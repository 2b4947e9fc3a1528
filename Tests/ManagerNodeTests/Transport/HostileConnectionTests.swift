import Credentials
import Crypto
import Foundation
import GRPCCore
import NIOCore
import NIOPosix
import NIOSSL
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftASN1
import SwiftProtobuf
import Testing
import Trust
import X509

@testable import ManagerNode

/// What strangers send to a listener that everybody can reach.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HostileConnectionTests {
    /// Connects to `port` and sends `bytes`; returns once the other side has closed, or at once if told to.
    private static func send(_ bytes: [UInt8], to port: Int, awaitingEnd: Bool = true) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        if !bytes.isEmpty { try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }
        if awaitingEnd { try await channel.closeFuture.get() } else { try? await channel.close().get() }
    }

    /// Begins a handshake with `context`; returns once the other side has closed.
    private static func show(_ context: NIOSSLContext, to port: Int) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(tls)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }

    private static var shortLimits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.handshake = .milliseconds(50)
        return limits
    }

    /// The descriptors that this process has open.
    private static var descriptors: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    }

    @Test func `garbage is no handshake`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            try await Self.send(Array("GET / HTTP/1.0\r\n\r\n".utf8), to: port)
            try await Self.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), to: port)
            #expect(lab.refusals.counts == [.handshake: 2])
        }
    }

    @Test func `who says nothing, or begins and stops, is cut off in time`() async throws {
        let lab = try TLSLab(limits: Self.shortLimits)
        try await lab.serve { port in
            try await Self.send([], to: port)
            try await Self.send([22, 3, 1, 2, 0, 1], to: port)
            #expect(lab.refusals.counts == [.slow: 2])
        }
    }

    @Test func `who has shown who it is takes no place of those who have not`() async throws {
        var limits = ConnectionLimits()
        limits.unfinished = 1
        let lab = try TLSLab(limits: limits)
        try await lab.serve { port in
            let worker = try lab.node { try $0.material() }
            try await lab.withHealth(port, worker) { health in
                _ = try await health.check(.init())
                #expect(lab.security.gate.counts == (1, 0))
                _ = try await lab.call(port, worker)
            }
        }
    }

    @Test func `one address can't have all the places`() async throws {
        var limits = ConnectionLimits()
        limits.unfinishedOfLoopback = 3
        // However slow the machine is, none of them is cut off for being slow.
        limits.handshake = .seconds(600)
        let lab = try TLSLab(limits: limits)
        try await lab.serve { port in
            let client = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            var channels: [any Channel] = []
            for _ in 0..<3 { channels.append(try await client.connect(host: "127.0.0.1", port: port).get()) }
            try await Self.send([], to: port)
            #expect(lab.refusals.counts == [.tooManyUnfinished: 1])
            for channel in channels { try await channel.close().get() }
            while lab.security.gate.counts.open > 0 {
                try await ContinuousClock().sleep(for: .milliseconds(2))
            }
            #expect(try await lab.call(port, lab.anonymous)?.caller == .stranger)
        }
    }

    @Test func `TLS 1 and 1_1 are too old`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateVerification = .none
            configuration.minimumTLSVersion = .tlsv1
            configuration.maximumTLSVersion = .tlsv11
            let context = try NIOSSLContext(configuration: configuration)
            try await Self.show(context, to: port)
            try await lab.refusals.wait(for: .handshake)
        }
    }

    @Test(arguments: Imposter.allCases)
    func `a certificate that is not a node's ends the connection`(_ imposter: Imposter) async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let context = try imposter.context(lab.authority)
            try await Self.show(context, to: port)
            try await lab.refusals.wait(for: .certificate)
        }
    }

    @Test func `two thousand bad connections leave nothing behind`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            _ = try await lab.call(port, lab.anonymous)
            let before = try Self.descriptors
            for round in 0..<20 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        let bytes: [UInt8] = number % 2 == 0 ? Array("garbage\n".utf8) : [22, 3, 1, 2, 0, 1]
                        group.addTask {
                            try await Self.send(bytes, to: port, awaitingEnd: number % 4 == 0)
                        }
                    }
                    try await group.waitForAll()
                }
                while lab.security.gate.counts.open > 0 {
                    try await ContinuousClock().sleep(for: .milliseconds(2))
                }
                #expect(lab.security.gate.counts.unfinished == 0, "round \(round)")
            }
            // What other tests open meanwhile is not ours.
            #expect(abs(try Self.descriptors - before) < 200)
            _ = try await lab.call(port, lab.anonymous)
        }
    }
}

/// Certificates that somebody might try.
enum Imposter: CaseIterable, Sendable {
    case selfSigned
    case otherRole
    case severalRoles
    case forServersOnly

    /// What a client needs to show it.
    func context(_ authority: TestAuthority) throws -> NIOSSLContext {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let root = try Certificate.PrivateKey(pemEncoded: authority.root.keyPEM)
        let isOwn = self == .selfSigned
        let usages: [ExtendedKeyUsage.Usage] =
            self == .forServersOnly ? [.serverAuth] : [.serverAuth, .clientAuth]
        let usage = try ExtendedKeyUsage(usages)
        let roles =
            switch self {
            case .selfSigned, .forServersOnly: ["swarm-manager"]
            case .otherRole: ["swarm-owner"]
            case .severalRoles: ["swarm-worker", "swarm-manager"]
            }
        let subject = try DistinguishedName {
            OrganizationName("c1")
            OrganizationalUnitName(roles[0])
            if roles.count > 1 { OrganizationalUnitName(roles[1]) }
            CommonName("n9")
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSince1970: 1_799_000_000),
            notValidAfter: Date(timeIntervalSince1970: 1_900_000_000),
            issuer: isOwn ? subject : authority.root.certificate.subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                usage
            },
            issuerPrivateKey: isOwn ? key : root
        )
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.certificateChain = [
            .certificate(
                try NIOSSLCertificate(bytes: Array(certificate.text.utf8), format: .pem)
            )
        ]
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: Array(key.serializeAsPEM().pemString.utf8), format: .pem)
        )
        return try NIOSSLContext(configuration: configuration)
    }
}
