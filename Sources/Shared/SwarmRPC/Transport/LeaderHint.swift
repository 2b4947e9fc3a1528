import GRPCCore

/// Where the leader listens, as a manager that does not lead says in the metadata of its refusal.
package enum LeaderHint {
    /// The metadata's key.
    package static let key = "swarmd-leader"

    /// The address in `error`; nil where it names none.
    package static func address(in error: RPCError) -> String? {
        error.metadata[stringValues: Self.key].first { _ in true }
    }
}
