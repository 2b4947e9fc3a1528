import GRPCCore
package import SwarmAPI
package import SwarmRPC
import SwiftProtobuf

/// Calls by which managers enter and leave a group.
package enum MembershipCalls {
    /// How long a manager may take to answer that it is well (SwarmKit `raft.go`, `checkHealth`).
    package static let checkDeadline = Duration.seconds(5)
    /// How long a candidate may take for it, and a member to say where another one is (SwarmKit `raft.go`,
    /// `processRaftMessage`).
    package static let shortDeadline = Duration.seconds(2)
    /// How long entering may take: the leader calls back, and the group has to agree (SwarmKit `raft.go`).
    package static let joinDeadline = Duration.seconds(25)
    /// How long leaving may take (SwarmKit `manager/role_manager.go`).
    package static let leaveDeadline = Duration.seconds(10)

    /// How often a call goes to the leader that the answer names, since it may change meanwhile.
    private static let redirections = 3

    /// A manager answers, but it is not ready for its peers.
    package struct NotServing: Error, CustomStringConvertible {
        package let description = "the manager answers that its raft service is not ready"
    }

    /// Asks the manager at `address` whether its raft service is ready; throws if it isn't.
    package static func check(
        _ address: String,
        security: any ConnectionSecurity,
        within deadline: Duration = MembershipCalls.checkDeadline
    ) async throws {
        let response = try await ManagerConnection.withClient(
            to: ServerAddress(address),
            security: security,
            within: deadline
        ) { client in
            try await SwarmHealth.Client(wrapping: client).check(
                .with { $0.service = "Raft" },
                options: Self.options(deadline)
            )
        }
        guard response.status == .serving else { throw NotServing() }
    }

    /// Asks the manager at `address` where the member `raftID` listens; throws if it does not know.
    package static func resolve(
        _ raftID: UInt64,
        at address: String,
        security: any ConnectionSecurity
    ) async throws -> String {
        try await ManagerConnection.withClient(
            to: ServerAddress(address),
            security: security,
            within: Self.shortDeadline
        ) { client in
            try await SwarmRaft.Client(wrapping: client).resolveAddress(
                .with { $0.raftID = raftID },
                options: Self.options(Self.shortDeadline)
            )
        }.addr
    }

    /// Makes this node, which listens at `address`, a member; returns its identifier and the group.
    ///
    /// `leader` may be any member that knows the leader.
    package static func join(
        leader: String,
        security: any ConnectionSecurity,
        address: String
    ) async throws -> SwarmJoinResponse {
        try await Self.atLeader(leader, security) { client in
            try await SwarmRaftMembership.Client(wrapping: client).join(
                .with { $0.addr = address },
                options: Self.options(Self.joinDeadline)
            )
        }
    }

    /// Removes the member `raftID`; `leader` may be any member that knows the leader.
    package static func leave(
        leader: String,
        security: any ConnectionSecurity,
        raftID: UInt64
    ) async throws {
        _ = try await Self.atLeader(leader, security) { client in
            try await SwarmRaftMembership.Client(wrapping: client).leave(
                .with { $0.node.raftID = raftID },
                options: Self.options(Self.leaveDeadline)
            )
        }
    }

    /// Runs `body` at `address`, and again where the answer says that the leader is.
    private static func atLeader<Result: Sendable>(
        _ address: String,
        _ security: any ConnectionSecurity,
        _ body: @escaping @Sendable (ManagerConnection.Client) async throws -> Result
    ) async throws -> Result {
        var address = address
        for _ in 0..<Self.redirections {
            do {
                return try await Self.call(address, security, body)
            } catch let error as RPCError where error.code == .failedPrecondition {
                guard let leader = LeaderHint.address(in: error), leader != address else { throw error }
                address = leader
            }
        }
        return try await Self.call(address, security, body)
    }

    private static func call<Result: Sendable>(
        _ address: String,
        _ security: any ConnectionSecurity,
        _ body: @escaping @Sendable (ManagerConnection.Client) async throws -> Result
    ) async throws -> Result {
        try await ManagerConnection.withClient(
            to: ServerAddress(address),
            security: security,
            within: Self.checkDeadline,
            body
        )
    }

    private static func options(_ deadline: Duration) -> CallOptions {
        var options = CallOptions.defaults
        options.timeout = deadline
        return options
    }
}
