import GRPCCore
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// The daemon's own verbs, which it answers whether it is in a cluster or not.
extension ControlClient {
    /// How long making, joining or leaving a cluster may take: a join asks managers that may be down, and a manager
    /// that leaves hands over first.
    package static let membershipLimit = Duration.seconds(90)

    /// Runs one request of the daemon's and puts its failure into words.
    private func ask<Answer: Sendable>(
        within limit: Duration = Self.requestLimit,
        _ body: (SwarmdNodeControl.Client<Transport>, CallOptions) async throws -> Answer
    ) async throws -> Answer {
        var options = Self.requestOptions
        options.timeout = limit
        do {
            return try await body(self.daemon, options)
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// What the node is at this moment.
    package func nodeState() async throws -> SwarmdNodeState {
        try await self.ask { try await $0.getState(.init(), options: $1) }
    }

    /// Makes a cluster with the daemon's node as its manager; returns when it leads.
    package func initCluster(_ request: SwarmdInitClusterRequest) async throws -> SwarmdInitClusterResponse {
        try await self.ask(within: Self.membershipLimit) { try await $0.initCluster(request, options: $1) }
    }

    /// Makes the daemon's node one of a cluster; returns when it is.
    package func joinCluster(_ request: SwarmdJoinClusterRequest) async throws -> SwarmdJoinClusterResponse {
        try await self.ask(within: Self.membershipLimit) { try await $0.joinCluster(request, options: $1) }
    }

    /// Takes the daemon's node out of its cluster, and forgets it.
    package func leaveCluster(force: Bool) async throws {
        let request = SwarmdLeaveClusterRequest.with { $0.force = force }
        _ = try await self.ask(within: Self.membershipLimit) {
            try await $0.leaveCluster(request, options: $1)
        }
    }

    /// Opens a locked manager with the key's text.
    package func unlock(_ key: String) async throws {
        let request = SwarmdUnlockNodeRequest.with { $0.unlockKey = key }
        _ = try await self.ask { try await $0.unlock(request, options: $1) }
    }
}
