import GRPCCore

/// How long this node's calls to a manager may take, and how much they may bring.
enum ManagerCalls {
    /// How long a connection, a unary call, and the first message of a session, may take (SwarmKit `agent/session.go`).
    static let deadline: Duration = .seconds(5)
    /// The largest message that a manager may send: a complete assignment of a full node, with its secrets.
    static let messageLimit = Int(Int32.max)

    /// Options of unary calls.
    static var unary: CallOptions {
        var options = CallOptions.defaults
        options.timeout = Self.deadline
        return options
    }

    /// Options of streams, whose end is the session's end.
    static var stream: CallOptions {
        var options = CallOptions.defaults
        options.maxResponseMessageBytes = Self.messageLimit
        // The transport takes its limit for what comes in from this one.
        options.maxRequestMessageBytes = Self.messageLimit
        return options
    }
}
