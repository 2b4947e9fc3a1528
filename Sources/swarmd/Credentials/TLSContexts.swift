import NIOCore
import NIOSSL

/// What TLS needs to know of a node's certificate, made once per certificate and not per connection.
struct TLSContexts: Sendable {
    /// Those of SwarmKit (`ca/config.go`).
    private static let ciphers = [
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ].joined(separator: ":")

    /// For calls to managers.
    let client: NIOSSLContext
    /// For nodes that call: whoever has a certificate shows it.
    let server: NIOSSLContext
    /// For the local socket, which asks for none.
    let localServer: NIOSSLContext

    init(chain: String, key: String) throws(CredentialsError) {
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8))
            let sources = certificates.map { NIOSSLCertificateSource.certificate($0) }
            let key = NIOSSLPrivateKeySource.privateKey(
                try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
            )
            var client = Self.client
            client.certificateChain = sources
            client.privateKey = key
            var server = TLSConfiguration.makeServerConfiguration(certificateChain: sources, privateKey: key)
            Self.restrict(&server)
            server.certificateVerification = .none
            self.localServer = try NIOSSLContext(configuration: server)
            server.certificateVerification = .optionalVerification
            self.server = try NIOSSLContext(configuration: server)
            self.client = try NIOSSLContext(configuration: client)
        } catch { throw .refused("\(error)") }
    }

    /// Of a caller without a certificate that verifies the server's itself.
    static var client: TLSConfiguration {
        var client = TLSConfiguration.makeClientConfiguration()
        Self.restrict(&client)
        client.certificateVerification = .noHostnameVerification
        return client
    }

    private static func restrict(_ configuration: inout TLSConfiguration) {
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = Self.ciphers
        configuration.applicationProtocols = ["h2"]
        // Verifying is ours, and the machine's authorities have no say in it.
        configuration.trustRoots = .certificates([])
        // A peer that does not answer our farewell is not waited for.
        configuration.shutdownTimeout = .seconds(1)
    }
}
