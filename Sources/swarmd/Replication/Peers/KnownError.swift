package import GRPCCore
import SwarmRPC

/// Errors whose code and text SwarmKit's managers act upon.
package enum KnownError {
    /// The receiver's answer to who left the group.
    ///
    /// Whoever gets it stops being a manager and deletes its log: it is for nothing else (SwarmKit
    /// `transport/transport.go`, `ErrMemberRemoved`).
    package static let removed = RPCError(
        code: .notFound,
        message: "raft: member was removed from the cluster"
    )

    /// The answer to a removal after which the group could not agree on anything (SwarmKit `raft.go`,
    /// `ErrCannotRemoveMember`).
    package static let wouldLoseQuorum = RPCError(
        code: .unknown,
        message: "raft: member cannot be removed, because removing it may result in loss of quorum"
    )

    /// The answer to a change of the group at a member that does not lead; `leader` is where to ask.
    package static func notLeader(leader: String?) -> RPCError {
        let problem = "raft: failed to process the request: node lost leader status"
        guard let leader else { return RPCError(code: .failedPrecondition, message: problem) }
        return RPCError(
            code: .failedPrecondition,
            message: "\(problem); the leader is at \(leader)",
            metadata: [LeaderHint.key: "\(leader)"]
        )
    }

    /// The answer to a node that wants to enter the group and is to be a worker.
    package static func unwanted(_ node: String) -> RPCError {
        RPCError(
            code: .failedPrecondition,
            message: "node \(node) is to be a worker and can't enter the managers' group: promote it first"
        )
    }

    /// How a manager's answer ends that takes the calling node for none of the cluster's any more (SwarmKit
    /// `ca/auth.go`).
    private static let removedNode = "was removed from swarm"

    /// Whether `error` is `removed`, or says that the node as a whole was.
    package static func isRemoved(_ error: any Error) -> Bool {
        guard let error = error as? RPCError else { return false }
        if error.code == .permissionDenied, error.message.hasSuffix(Self.removedNode) { return true }
        return error.code == Self.removed.code && error.message == Self.removed.message
    }
}
