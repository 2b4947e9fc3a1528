import GRPCCore
import Glibc
import NIOCore
import NIOPosix

/// How a connection to another member ended, as far as the link acts on it.
enum LinkFailure: Equatable {
    /// Nobody listens at the address.
    case refused
    /// The peer says that this member was removed from the group.
    case removed
    /// Anything else, for the log.
    case broken(String)

    init(_ error: any Error) {
        if KnownError.isRemoved(error) {
            self = .removed
        } else if Self.isRefusal(error) {
            self = .refused
        } else {
            self = .broken("\(error)")
        }
    }

    /// Whether `error`, or what caused it, is that the kernel of the other machine refused the connection.
    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case let error as RPCError: error.cause.map(Self.isRefusal) ?? false
        case let error as RuntimeError: error.cause.map(Self.isRefusal) ?? false
        case let error as IOError: error.errnoCode == ECONNREFUSED
        case let error as NIOConnectionError:
            !error.connectionErrors.isEmpty && error.connectionErrors.allSatisfy { Self.isRefusal($0.error) }
        default: false
        }
    }
}
