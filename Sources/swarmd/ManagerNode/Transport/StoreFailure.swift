import GRPCCore
import ReplicatedStore

/// What an agent hears when the store does not take a change.
enum StoreFailure {
    /// Runs `body`; a proposal that failed becomes an error on which agents try again.
    static func onWire<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as ProposalError {
            throw Self.rpcError(for: error)
        }
    }

    static func rpcError(for error: ProposalError) -> RPCError {
        switch error {
        case .notLeader, .lostLeadership:
            RPCError(
                code: .unavailable,
                message: "raft: failed to process the request: node lost leader status"
            )
        case .tooLarge(let bytes):
            RPCError(code: .invalidArgument, message: "the change has \(bytes) bytes: too large for the log")
        case .overloaded: RPCError(code: .unavailable, message: "too many changes are under way: try again")
        case .closed: RPCError(code: .unavailable, message: "this manager is shutting down")
        }
    }
}
