import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why a server could not be spoken to, in words for an operator: the libraries' own are for programmers.
enum ConnectionFault {
    /// What stands in OpenSSL's texts, and what it means here.
    private static let handshake: [(mark: String, meaning: String)] = [
        (
            "CERTIFICATE_VERIFY_FAILED",
            "TLS: its certificate does not lead to the root certificate that it is to sign for, or is out of date"
        ),
        ("WRONG_VERSION_NUMBER", "TLS: it does not speak TLS there"),
        ("HTTP_REQUEST", "TLS: it does not speak TLS there"),
        ("UNKNOWN_CA", "TLS: it does not accept this manager's certificate (unknown CA)"),
        ("CERTIFICATE_REQUIRED", "TLS: it does not accept this manager's certificate"),
        ("BAD_CERTIFICATE", "TLS: it does not accept this manager's certificate"),
        ("HANDSHAKE_FAILURE", "TLS: the two sides agree on no way to encrypt"),
    ]

    /// One line without a period.
    static func text(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: Self.connection(error)
        case let error as IOError: Self.system(error)
        case let error as HTTPClientError: Self.client(error)
        case is NIOSSLExtraError: "TLS: its certificate is for another host name"
        case is NIOSSLError: Self.tls(error) ?? "TLS: \(Self.oneLine(error))"
        default: Self.tls(error) ?? Self.oneLine(error)
        }
    }

    private static func connection(_ error: NIOConnectionError) -> String {
        // A name may have an address of a kind that this machine has none of.
        let failures = error.connectionErrors.map(\.error)
        let refusal = failures.first { ($0 as? IOError)?.errnoCode == ECONNREFUSED }
        if let failure = refusal ?? failures.last { return Self.text(failure) }
        return "the name \(error.host) can't be resolved"
    }

    private static func system(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "connection refused: nothing listens there"
        case ECONNRESET: "it cut the connection off"
        case EHOSTUNREACH, ENETUNREACH: "no route to it"
        default: Self.oneLine(error)
        }
    }

    private static func client(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout, .deadlineExceeded, .readTimeout: "no answer in time"
        case .remoteConnectionClosed: "it closed the connection"
        default: Self.oneLine(error)
        }
    }

    private static func tls(_ error: any Error) -> String? {
        let text = "\(error)"
        return Self.handshake.first { text.contains($0.mark) }?.meaning
    }

    private static func oneLine(_ error: any Error) -> String {
        String("\(error)".split(whereSeparator: \.isNewline).joined(separator: " ").prefix(256))
    }
}
