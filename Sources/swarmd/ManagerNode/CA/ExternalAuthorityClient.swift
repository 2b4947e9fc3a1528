import AsyncHTTPClient
package import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
package import Trust
package import X509

/// Asks servers of CFSSL's for certificates (SwarmKit `ca/external.go`).
///
/// It shows them this node's certificate, and believes only those that a given root vouches for.
package struct ExternalAuthorityClient: Sendable {
    /// What this node shows, in PEM.
    package struct Identity: Sendable {
        package var chain: String
        package var key: String

        package init(chain: String, key: String) {
            self.chain = chain
            self.key = key
        }
    }

    /// Why there is no certificate.
    package enum Failure: Error, CustomStringConvertible {
        /// No server answered as servers do: it may pass.
        case unreachable(String)
        /// A server refused, or what it signed cannot be used.
        case refused(AuthorityError)

        package var description: String {
            switch self {
            case .unreachable(let reason): "no external CA can be reached: \(reason)"
            case .refused(let error): "\(error)"
            }
        }
    }

    /// How long one server may take; SwarmKit's limit.
    static let patience = Duration.seconds(5)

    private let identity: @Sendable () -> Identity

    /// `identity` gives this node's certificate and key as they are then.
    package init(identity: @escaping @Sendable () -> Identity) { self.identity = identity }

    /// The certificate in the answer of the first of `urls` that gives one to `body`.
    ///
    /// The servers' own certificates must lead to one of `roots`.
    package func certificate(
        _ body: Data,
        from urls: [String],
        trusting roots: [Data]
    ) async throws(Failure) -> Certificate {
        var failure = Failure.unreachable("none is configured")
        for url in urls {
            do throws(Failure) {
                let answer = try await self.exchange(url, roots) { client in
                    var request = HTTPClientRequest(url: url)
                    request.method = .POST
                    request.headers.add(name: "Content-Type", value: "application/json")
                    request.body = .bytes(ByteBuffer(bytes: body))
                    let response = try await client.execute(request, timeout: .seconds(5))
                    guard response.status == .ok else {
                        throw Failure.unreachable("\(url): \(response.status)")
                    }
                    return try await response.body.collect(upTo: CFSSL.answerBytes)
                }
                do throws(AuthorityError) {
                    return try CFSSL.certificate(in: Data(answer.readableBytesView))
                } catch {
                    throw .refused(error)
                }
            } catch { failure = error }
        }
        throw failure
    }

    /// Checks that there is a server at `url` with a certificate of one of `roots`; whatever it answers will do.
    package func probe(_ url: String, trusting roots: Data...) async throws(Failure) {
        _ = try await self.exchange(url, roots) { client in
            var request = HTTPClientRequest(url: url)
            request.method = .HEAD
            let response = try await client.execute(request, timeout: .seconds(5))
            return try await response.body.collect(upTo: CFSSL.answerBytes)
        }
    }

    /// Runs one exchange within the time that a server has.
    private func exchange(
        _ url: String,
        _ roots: [Data],
        _ body: @escaping @Sendable (HTTPClient) async throws -> ByteBuffer
    ) async throws(Failure) -> ByteBuffer {
        let configuration: HTTPClient.Configuration
        do { configuration = try self.configuration(roots) } catch {
            throw .refused(.unreadable("external CA's root, or this node's certificate"))
        }
        let client = HTTPClient(
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
            configuration: configuration
        )
        let result: Result<ByteBuffer, Failure>
        do {
            result = .success(try await Self.within(Self.patience, of: url) { try await body(client) })
        } catch {
            result = .failure(error as? Failure ?? .unreachable("\(url): \(AuthorityFault.text(error))"))
        }
        try? await client.shutdown()
        return try result.get()
    }

    private func configuration(_ roots: [Data]) throws -> HTTPClient.Configuration {
        let identity = self.identity()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = .certificates(try roots.flatMap { try NIOSSLCertificate.fromPEMBytes(Array($0)) })
        tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(identity.chain.utf8))
            .map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem))
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private static func within<Value: Sendable>(
        _ limit: Duration,
        of url: String,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask {
                try await ContinuousClock().sleep(for: limit)
                throw Failure.unreachable("\(url): no answer within \(limit.components.seconds) s")
            }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
