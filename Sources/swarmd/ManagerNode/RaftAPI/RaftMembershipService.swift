package import GRPCCore
package import Logging
import RaftCore
package import Replication
import ReplicatedStore
package import SwarmAPI
package import SwarmRPC
import SwiftProtobuf
import Synchronization

/// Takes managers into the raft group and lets them go (SwarmKit `raft.go`, `Join` and `Leave`).
package final class RaftMembershipService: SwarmRaftMembership.SimpleServiceProtocol {
    /// How often a change that waits for others to be over looks again: for 20 s.
    ///
    /// Looks are counted and not time, so that a busy machine costs no patience; the caller has a deadline of
    /// its own.
    private static let looks = 1_000
    /// How long it waits between two looks.
    private static let interval = Duration.milliseconds(20)

    private let group: any GroupMembership
    private let log: Logger
    private let makeID: @Sendable () -> UInt64
    private let check: @Sendable (String) async throws -> Void
    private let desiredRole: @Sendable (String) async -> SwarmNodeRole?
    /// Whether a change is under way: the group takes one at a time.
    private let isBusy = Mutex(false)

    /// Changes `group`; this manager is the node `nodeID`.
    ///
    /// `makeID` draws identifiers of members, `check` calls a manager back, and `desiredRole` is what the cluster wants a
    /// node to be; nil for a node that it does not know.
    package init(
        group: any GroupMembership,
        security: any ConnectionSecurity,
        log: Logger,
        makeID: @escaping @Sendable () -> UInt64 = { .random(in: 1...UInt64(Int64.max)) },
        check: (@Sendable (String) async throws -> Void)? = nil,
        desiredRole: @escaping @Sendable (String) async -> SwarmNodeRole? = { _ in nil }
    ) {
        self.group = group
        self.log = log
        self.makeID = makeID
        self.desiredRole = desiredRole
        self.check = check ?? { try await MembershipCalls.check($0, security: security) }
    }

    package func join(request: SwarmJoinRequest, context: ServerContext) async throws -> SwarmJoinResponse {
        let node = try context.callingNode
        let address = try JoinAddress.resolve(request.addr, callerHost: context.peer.host)
        try self.requireLeadership()
        // A manager that was demoted has its certificate for a while longer; the group would let it go at once again.
        guard await self.desiredRole(node) != .worker else { throw KnownError.unwanted(node) }
        do {
            try await self.check(address)
        } catch {
            throw RPCError(
                code: .unavailable,
                message: "\(EntryDelay.unreachable) \(address): \(ConnectionFault.text(error))"
            )
        }
        return try await self.alone { try await self.admit(node, at: address) }
    }

    package func leave(request: SwarmLeaveRequest, context: ServerContext) async throws -> SwarmLeaveResponse
    {
        let caller = try context.callingNode
        let id = RaftID(rawValue: request.node.raftID)
        try self.requireLeadership()
        return try await self.alone {
            let membership = self.group.membership
            // A caller that tries again after it got no answer.
            if membership.isRemoved(id) { return SwarmLeaveResponse() }
            guard let member = membership.member(id) else {
                throw RPCError(code: .notFound, message: "raft: no member has this identifier")
            }
            guard self.group.canRemove(id) else { throw KnownError.wouldLoseQuorum }
            try await self.change { () throws(ProposalError) in try await self.group.remove(id) }
            self.log.notice(
                "a manager left the group",
                metadata: ["node": "\(member.nodeID)", "caller": "\(caller)"]
            )
            return SwarmLeaveResponse()
        }
    }

    /// Makes the node a member, or finds that it is one; returns its identifier and the group.
    private func admit(_ node: String, at address: String) async throws -> SwarmJoinResponse {
        let membership = self.group.membership
        var member = membership.member(node: node) ?? SwarmRaftMember()
        let isNew = member.raftID == 0
        guard member.addr != address else { return self.response(member.raftID) }
        member.addr = address
        if isNew {
            member.nodeID = node
            member.raftID = self.freshID(in: membership)
        }
        let wanted = member
        try await self.change { () throws(ProposalError) in
            // It votes when it has caught up; until then the group's majority must not depend on it.
            if isNew {
                try await self.group.add(wanted, asLearner: true)
            } else {
                try await self.group.update(wanted)
            }
        }
        self.log.notice(
            isNew ? "a manager joined the group" : "a manager of the group moved",
            metadata: ["node": "\(node)", "address": "\(address)"]
        )
        return self.response(member.raftID)
    }

    /// An identifier that no member has or had.
    private func freshID(in membership: MemberList) -> UInt64 {
        while true {
            let id = self.makeID()
            let raftID = RaftID(rawValue: id)
            if id != 0, membership.member(raftID) == nil, !membership.isRemoved(raftID) { return id }
        }
    }

    private func response(_ raftID: UInt64) -> SwarmJoinResponse {
        .with {
            $0.raftID = raftID
            $0.members = self.group.membership.members
        }
    }

    private func requireLeadership() throws(RPCError) {
        guard !self.group.isLeader else { return }
        let leader = self.group.members.first { $0.status.leader }?.addr
        throw KnownError.notLeader(leader: leader)
    }

    /// Runs `body` when no other change of this service is under way.
    private func alone<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        var looks = 0
        while self.isBusy.exchange(true) {
            looks += 1
            guard looks < Self.looks else {
                throw RPCError(code: .unavailable, message: "the group is changing already: try again")
            }
            try await ContinuousClock().sleep(for: Self.interval)
        }
        defer { _ = self.isBusy.exchange(false) }
        // It may have been lost meanwhile.
        try self.requireLeadership()
        return try await body()
    }

    /// Runs `body`, again as long as the group is busy with a change of somebody else's.
    private func change(_ body: () async throws(ProposalError) -> Void) async throws {
        var looks = 0
        while true {
            looks += 1
            do throws(ProposalError) {
                return try await body()
            } catch ProposalError.overloaded where looks < Self.looks {
                try await ContinuousClock().sleep(for: Self.interval)
            } catch .notLeader {
                try self.requireLeadership()
                throw RPCError(ProposalError.notLeader)
            } catch {
                throw RPCError(error)
            }
        }
    }
}

extension Mutex<Bool> {
    /// Puts `value` in; returns what was there.
    fileprivate borrowing func exchange(_ value: Bool) -> Bool {
        self.withLock { old in
            defer { old = value }
            return old
        }
    }
}
