package import GRPCCore

/// Why a request to the manager failed, in one sentence for the person who made it.
package struct ControlError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What a program may want to tell apart.
    package enum Kind: Sendable, Hashable {
        /// No daemon answers at the socket.
        case unreachable
        /// The daemon took longer than the request's deadline.
        case timedOut
        /// No object has the given id or name.
        case notFound
        /// Several objects match.
        case ambiguous
        /// The object changed since it was read.
        case outOfSequence
        /// The daemon refused the request.
        case refused
        /// The daemon does not have the request at all.
        case unsupported
    }

    package var kind: Kind
    package var description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Puts a gRPC error into words, for the manager at `socket`.
    ///
    /// A manager's own words are kept: they name the field. A connection's failure is looked into once more,
    /// because the transport does not tell a missing socket from a closed door.
    package init(_ error: RPCError, socket: String) {
        let message = Self.oneLine(error.message)
        switch error.code {
        case .unavailable:
            if let reason = SocketProbe.failure(at: socket) {
                self.init(.unreachable, reason)
            } else if error.cause == nil, !Self.isTransports(message) {
                self.init(.refused, message)
            } else {
                self.init(
                    .unreachable,
                    "lost the connection to the daemon at \(socket): it stopped, or does not speak gRPC"
                )
            }
        case .deadlineExceeded:
            self.init(.timedOut, "the daemon at \(socket) did not answer in time")
        case .unimplemented:
            self.init(.unsupported, message.isEmpty ? "the daemon does not offer this request" : message)
        case .notFound:
            self.init(.notFound, message)
        case .unknown where message.contains("update out of sequence"):
            self.init(.outOfSequence, "update out of sequence: the object changed meanwhile, try again")
        default:
            self.init(.refused, message.isEmpty ? "the daemon answered with \(error.code)" : message)
        }
    }

    /// Tells the transport's own messages from a server's: it gives no cause with them.
    private static func isTransports(_ message: String) -> Bool {
        let openings = [
            "Stream unexpectedly closed", "subchannel", "channel isn't ready", "The connection", "RPC ",
        ]
        return message.isEmpty || openings.contains { message.hasPrefix($0) }
    }

    /// The message without line breaks, so that it stays one line on a terminal and in a log.
    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
