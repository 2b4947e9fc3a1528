import Glibc
import GRPCCore
internal import NIOCore
import NIOPosix

/// Puts into words for operators why a server can't be reached, where libraries speak of sockets and of TLS.
///
/// One line without a period, and nothing twice.
package enum ConnectionFault {
    /// The longest text of a library's that is passed on.
    private static let length = 256

    /// What stands in OpenSSL's texts, and what it means of a server that was called.
    private static let handshake: [(mark: String, meaning: String)] = [
        (
            "CERTIFICATE_VERIFY_FAILED",
            "its certificate does not lead to a trusted root certificate, or is out of date"
        ),
        ("WRONG_VERSION_NUMBER", "it does not speak TLS there"),
        ("HTTP_REQUEST", "it does not speak TLS there"),
        ("CERTIFICATE_EXPIRED", "it does not accept this node's certificate (expired)"),
        ("UNKNOWN_CA", "it does not accept this node's certificate (unknown CA)"),
        ("CERTIFICATE_REQUIRED", "it does not accept this node's certificate"),
        ("CERTIFICATE_UNKNOWN", "it does not accept this node's certificate"),
        ("BAD_CERTIFICATE", "it does not accept this node's certificate"),
        ("ACCESS_DENIED", "it does not accept this node's certificate"),
        ("NO_APPLICATION_PROTOCOL", "it does not speak HTTP/2 there"),
        ("PROTOCOL_VERSION", "the two sides have no version of TLS in common"),
        ("HANDSHAKE_FAILURE", "the two sides agree on no way to encrypt"),
    ]

    /// Why a call failed, or a connection for it.
    package static func text(of error: RPCError) -> String {
        if let cause = error.cause { return Self.text(cause) }
        if error.code == .deadlineExceeded { return "no answer in time" }
        return error.message.isEmpty ? "\(error.code)" : Self.oneLine(error.message)
    }

    /// Why something failed that needs a connection.
    package static func text(_ error: any Error) -> String {
        switch error {
        case let error as RPCError: return Self.text(of: error)
        case let error as IOError: return Self.words(for: error.errnoCode)
        case ChannelError.connectTimeout: return "no answer in time"
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed:
            return "the connection was closed"
        case is SocketAddressError: return "its name does not resolve"
        case let error as NIOConnectionError: return Self.connection(error)
        default: return Self.tls(error) ?? Self.oneLine("\(error)")
        }
    }

    /// Whether the server's name means no address.
    package static func isUnresolved(_ error: RPCError) -> Bool {
        switch error.cause {
        case let error as NIOConnectionError: error.connectionErrors.isEmpty
        case is SocketAddressError: true
        default: false
        }
    }

    private static func connection(_ error: NIOConnectionError) -> String {
        // A name may have an address of a kind that this machine has none of.
        let failures = error.connectionErrors.map(\.error)
        let refusal = failures.first { ($0 as? IOError)?.errnoCode == ECONNREFUSED }
        guard let failure = refusal ?? failures.last else { return "its name does not resolve" }
        return Self.text(failure)
    }

    /// What a text of OpenSSL's means; nil for an error of another kind.
    private static func tls(_ error: any Error) -> String? {
        let text = "\(error)"
        guard text.contains("SSL") else { return nil }
        let meaning = Self.handshake.first { text.contains($0.mark) }?.meaning
        return "TLS: \(meaning ?? Self.oneLine(text))"
    }

    private static func words(for code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    private static func oneLine(_ text: String) -> String {
        String(text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(Self.length))
    }
}
