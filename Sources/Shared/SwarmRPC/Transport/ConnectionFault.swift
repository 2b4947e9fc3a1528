import Glibc
import GRPCCore
internal import NIOCore
import NIOPosix

/// Puts into words for operators why a server can't be reached, where libraries speak of sockets.
package enum ConnectionFault {
    /// Why a call failed, in a few words.
    package static func text(of error: RPCError) -> String {
        guard let cause = error.cause else {
            return error.code == .deadlineExceeded ? "no answer in time" : error.message
        }
        return Self.words(for: cause) ?? "\(error.message): \(cause)"
    }

    /// Whether the server's name means no address.
    package static func isUnresolved(_ error: RPCError) -> Bool {
        switch error.cause {
        case let error as NIOConnectionError: error.connectionErrors.isEmpty
        case is SocketAddressError: true
        default: false
        }
    }

    private static func words(for cause: any Error) -> String? {
        switch cause {
        case let error as RPCError: return Self.text(of: error)
        case let error as IOError: return Self.words(for: error.errnoCode)
        case ChannelError.connectTimeout: return "no answer in time"
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed:
            return "the connection was closed"
        case is SocketAddressError: return "its name does not resolve"
        case let error as NIOConnectionError:
            guard let last = error.connectionErrors.last else { return "its name does not resolve" }
            return Self.words(for: last.error)
        default: return nil
        }
    }

    private static func words(for code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
