import GRPCCore
import SwarmRPC

/// Where a manager that joins can be reached.
enum JoinAddress {
    /// The address that the caller named; where it names all addresses, the one that it calls from.
    ///
    /// SwarmKit `raft.go`, `Join`.
    static func resolve(_ text: String, callerHost: String?) throws(RPCError) -> String {
        guard let address = try? ServerAddress(text) else {
            throw RPCError(code: .invalidArgument, message: "invalid address \(text) in raft join request")
        }
        guard Self.isUnspecified(address.host) else { return address.description }
        guard let callerHost else {
            throw RPCError(
                code: .invalidArgument,
                message: "\"\(text)\" names no host, and the caller has no network address"
            )
        }
        return ServerAddress(host: callerHost, port: address.port).description
    }

    /// Whether the host stands for every address of a machine.
    private static func isUnspecified(_ host: String) -> Bool {
        host == "0.0.0.0" || (host.contains(":") && host.allSatisfy { $0 == ":" || $0 == "0" })
    }
}
