import Credentials
import Foundation
import GRPCCore
import NIOCore
import NIOPosix
import NIOSSL
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// A stranger who tries things on a manager's listener, and notes what nobody ended.
struct HostileCaller: Sendable {
    /// What a connection is about.
    enum Kind: Sendable, CaseIterable {
        case selfSigned
        case expired
        case wrongRole
        case otherRoot
        /// Something that is no handshake.
        case garbage
        /// A handshake that the caller gives up.
        case givenUp
        /// A call with a request for a certificate that is too large.
        case largeRequest
        /// A call with a token of nobody's.
        case wrongToken
    }

    /// Something that was not refused.
    enum Failure: Error {
        case stillOpen
        case taken(Kind)
    }

    /// How long the other side may take to refuse; it is more than a handshake may last.
    private static let patience = TimeAmount.seconds(30)
    /// The beginning of a handshake.
    private static let beginning: [UInt8] = [22, 3, 1, 2, 0, 1]

    private let port: Int
    private let contexts: [HostileFiles.Certificate: NIOSSLContext]
    private let root: RootBundle
    private let token: String

    /// Calls the listener on `port`; `token` is a good one.
    init(port: Int, files: HostileFiles, token: String) throws {
        self.port = port
        self.token = token
        self.root = try RootBundle(pem: String(contentsOf: files.root, encoding: .utf8))
        self.contexts = try Dictionary(
            uniqueKeysWithValues: HostileFiles.Certificate.allCases.map { certificate in
                let paths = files.paths(of: certificate)
                var configuration = TLSConfiguration.makeClientConfiguration()
                configuration.certificateVerification = .none
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(paths.certificate).map {
                    .certificate($0)
                }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: paths.key, format: .pem))
                return (certificate, try NIOSSLContext(configuration: configuration))
            }
        )
    }

    /// Tries it once; throws where it was not refused.
    func call(_ kind: Kind) async throws {
        switch kind {
        case .selfSigned: try await self.show(.selfSigned)
        case .expired: try await self.show(.expired)
        case .wrongRole: try await self.show(.wrongRole)
        case .otherRoot: try await self.show(.otherRoot)
        case .garbage: try await self.send(Array("GET / HTTP/1.0\r\n\r\n".utf8))
        case .givenUp: try await self.connect(Self.beginning).close().get()
        case .largeRequest: try await self.ask(kind, Data(repeating: 0x41, count: 1 << 20), self.token)
        case .wrongToken: try await self.ask(kind, Data("no request".utf8), self.token + "0")
        }
    }

    /// Begins a handshake, and waits until the other side has enough of it.
    func dawdle() async throws { try await self.send(Self.beginning) }

    private func connect(_ bytes: [UInt8]) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: self.port).get()
        // The other side may have closed already.
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        return channel
    }

    private func send(_ bytes: [UInt8]) async throws {
        try await Self.waitForEnd(of: self.connect(bytes))
    }

    /// Makes a connection with `certificate`, and waits for its end.
    private func show(_ certificate: HostileFiles.Certificate) async throws {
        guard let context = self.contexts[certificate] else { return }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(tls)
                }
            }
            .connect(host: "127.0.0.1", port: self.port).get()
        try await Self.waitForEnd(of: channel)
    }

    private static func waitForEnd(of channel: any Channel) async throws {
        let timer = channel.eventLoop.scheduleTask(in: Self.patience) {
            channel.close(promise: nil)
            throw Failure.stillOpen
        }
        try? await channel.closeFuture.get()
        timer.cancel()
        do { try await timer.futureResult.get() } catch is EventLoopError {}
    }

    /// Asks for a certificate, as a node that joins does.
    private func ask(_ kind: Kind, _ csr: Data, _ token: String) async throws {
        do {
            try await ManagerConnection.withClient(
                to: ServerAddress(host: "127.0.0.1", port: self.port),
                security: AnonymousSecurity(root: self.root),
                name: .authority,
                within: .seconds(20)
            ) { client in
                var options = CallOptions.defaults
                options.timeout = .seconds(20)
                _ = try await SwarmNodeCA.Client(wrapping: client).issueNodeCertificate(
                    .with {
                        $0.csr = csr
                        $0.token = token
                    },
                    options: options
                )
            }
            throw Failure.taken(kind)
        } catch let error as RPCError {
            // There are only so many places for those who have a token.
            guard [.invalidArgument, .resourceExhausted].contains(error.code) else { throw error }
        }
    }
}
