import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// docker's verbs of a swarm, for the operators of this machine, in every phase of its node.
struct NodeControlService: SwarmdNodeControl.SimpleServiceProtocol {
    let desk: RequestDesk
    /// Who the cluster lets join, once the node leads a new one.
    let tokens: @Sendable () async throws -> SwarmdInitClusterResponse

    func getState(request: SwarmdGetNodeStateRequest, context: ServerContext) async throws -> SwarmdNodeState
    {
        self.desk.state
    }

    func initCluster(
        request: SwarmdInitClusterRequest,
        context: ServerContext
    ) async throws -> SwarmdInitClusterResponse {
        try NodeRequests.check(request)
        try await self.desk.ask(.initialize(request))
        return try await self.tokens()
    }

    func joinCluster(
        request: SwarmdJoinClusterRequest,
        context: ServerContext
    ) async throws -> SwarmdJoinClusterResponse {
        try NodeRequests.check(request)
        try await self.desk.ask(.join(request))
        let state = self.desk.state
        return .with {
            $0.nodeID = state.nodeID
            $0.role = state.role
        }
    }

    func leaveCluster(
        request: SwarmdLeaveClusterRequest,
        context: ServerContext
    ) async throws -> SwarmdLeaveClusterResponse {
        try await self.desk.ask(.leave(force: request.force))
        return SwarmdLeaveClusterResponse()
    }

    func unlock(
        request: SwarmdUnlockNodeRequest,
        context: ServerContext
    ) async throws -> SwarmdUnlockNodeResponse {
        guard !request.unlockKey.isEmpty else {
            throw RPCError(code: .invalidArgument, message: "unlock_key: must not be empty")
        }
        try await self.desk.ask(.unlock(request.unlockKey))
        return SwarmdUnlockNodeResponse()
    }
}
