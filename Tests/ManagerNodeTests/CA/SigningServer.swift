import Crypto
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Primitives
import SwiftASN1
import Trust
import X509

@testable import ManagerNode

/// A small server of CFSSL's kind over TLS: it has a root's key, and serves who shows a certificate of that root.
struct SigningServer: Sendable {
    let root: RootAuthority
    private let channel: any Channel

    /// Where it is asked.
    var url: String { "https://localhost:\(self.channel.localAddress?.port ?? 0)/sign" }

    /// Runs `body` with a server that answers each request with what `answer` makes of it and of the root.
    static func run(
        root: RootAuthority,
        answer: @escaping @Sendable (Data, RootAuthority) throws -> Data = SigningServer.sign,
        _ body: (SigningServer) async throws -> Void
    ) async throws {
        let (chain, key) = try Self.identity(of: "localhost", by: root)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
        )
        tls.certificateVerification = .noHostnameVerification
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(root.pem.utf8)))
        let context = try NIOSSLContext(configuration: tls)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(root: root, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do { try await body(SigningServer(root: root, channel: channel)) } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    /// A certificate with its key for whoever is called `name`.
    static func identity(of name: String, by root: RootAuthority) throws -> (chain: String, key: String) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName([RelativeDistinguishedName]()),
            privateKey: key,
            attributes: .init()
        )
        let leaf = try root.sign(
            CertificateRequest(pem: request.serializeAsPEM().pemString),
            as: NodeName(cluster: "c1", role: .manager, node: name),
            at: Self.now
        )
        return (try leaf.text, try key.serializeAsPEM().pemString)
    }

    /// What a client of the node "n1" shows.
    static func client(of root: RootAuthority) throws -> ExternalAuthorityClient {
        let (chain, key) = try Self.identity(of: "n1", by: root)
        return ExternalAuthorityClient(identity: { .init(chain: chain, key: key) })
    }

    /// The real time, which TLS goes by.
    static var now: Timestamp { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }

    // MARK: Signing

    private struct Request: Decodable {
        struct Subject: Decodable {
            struct Name: Decodable {
                var O: String
                var OU: String
            }

            var CN: String
            var names: [Name]
        }

        var certificate_request: String
        var subject: Subject
        var profile: String
    }

    /// Signs what it is asked to, as CFSSL does.
    @Sendable static func sign(_ body: Data, by root: RootAuthority) throws -> Data {
        let request = try JSONDecoder().decode(Request.self, from: body)
        let asked = try CertificateRequest(pem: request.certificate_request)
        guard request.profile == "CA" else {
            let subject = request.subject
            let role = NodeName.Role(rawValue: subject.names.first?.OU ?? "") ?? .worker
            let name = NodeName(cluster: subject.names.first?.O ?? "", role: role, node: subject.CN)
            return try Self.answer(root.sign(asked, as: name, at: Self.now).text)
        }
        return try Self.answer(Self.crossSign(asked.key, request.subject.CN, root).text)
    }

    private static func crossSign(
        _ key: Certificate.PublicKey,
        _ name: String,
        _ root: RootAuthority
    ) throws -> Certificate {
        try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key,
            notValidBefore: Date() - 60,
            notValidAfter: Date() + 86_400 * 400,
            issuer: root.certificate.subject,
            subject: try DistinguishedName { CommonName(name) },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            },
            issuerPrivateKey: Certificate.PrivateKey(pemEncoded: root.keyPEM)
        )
    }

    /// An answer with a certificate.
    static func answer(_ certificate: String) throws -> Data {
        let text = certificate.replacing("\n", with: "\\n")
        return Data(#"{"success":true,"result":{"certificate":"\#(text)"},"errors":[],"messages":[]}"#.utf8)
    }

    /// Collects a request and answers it.
    private final class Responder: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let root: RootAuthority
        private let answer: @Sendable (Data, RootAuthority) throws -> Data
        private var body: [UInt8] = []

        init(root: RootAuthority, answer: @escaping @Sendable (Data, RootAuthority) throws -> Data) {
            self.root = root
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head: self.body = []
            case .body(let part): self.body += part.readableBytesView
            case .end: self.respond(context)
            }
        }

        private func respond(_ context: ChannelHandlerContext) {
            let answer = try? self.answer(Data(self.body), self.root)
            var head = HTTPResponseHead(version: .http1_1, status: answer == nil ? .badRequest : .ok)
            head.headers.add(name: "content-length", value: "\(answer?.count ?? 0)")
            context.write(self.wrapOutboundOut(.head(head)), promise: nil)
            context.write(
                self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer ?? Data())))),
                promise: nil
            )
            context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
