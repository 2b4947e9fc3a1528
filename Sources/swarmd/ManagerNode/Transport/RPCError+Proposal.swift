import GRPCCore
import ReplicatedStore

extension RPCError {
    /// What whoever asked for a change hears when the log did not take it.
    ///
    /// SwarmKit's agents and ours try again on every code that can pass.
    init(_ error: ProposalError) {
        let lost = "raft: failed to process the request: node lost leader status"
        switch error {
        case .notLeader: self.init(code: .unavailable, message: lost)
        case .lostLeadership:
            self.init(code: .unavailable, message: "\(lost): the change may have been made, or not")
        case .tooLarge(let bytes):
            self.init(
                code: .invalidArgument,
                message: "raft: raft message is too large and can't be sent: the change has \(bytes) bytes"
            )
        case .overloaded:
            self.init(code: .unavailable, message: "too many changes are under way: try again later")
        case .closed: self.init(code: .unavailable, message: "this manager is shutting down")
        }
    }

    /// Runs `body`; a proposal that failed becomes an error that its caller on the wire understands.
    static func onWire<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as ProposalError { throw RPCError(error) }
    }
}
