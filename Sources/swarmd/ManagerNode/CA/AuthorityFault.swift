import AsyncHTTPClient
import Glibc
import NIOCore
import NIOSSL
import SwarmRPC

/// Why an external CA could not be spoken to: what `ConnectionFault` says, and what only HTTP and this use know.
enum AuthorityFault {
    /// One line without a period.
    static func text(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: Self.client(error)
        case is NIOSSLExtraError: "TLS: its certificate is for another host name"
        case let error where "\(error)".contains("CERTIFICATE_VERIFY_FAILED"):
            "TLS: its certificate does not lead to the root certificate that it is to sign for, or is out of date"
        default: Self.general(error)
        }
    }

    private static func general(_ error: any Error) -> String {
        let text = ConnectionFault.text(error)
        return text == "connection refused" ? "\(text): nothing listens there" : text
    }

    private static func client(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout, .deadlineExceeded, .readTimeout: "no answer in time"
        case .remoteConnectionClosed: "it closed the connection"
        default: Self.general(error)
        }
    }
}
