package import RaftCore
package import ReplicatedStore
package import SwarmAPI
import SwiftProtobuf
import Synchronization

// Who belongs to the group, and how that changes.
extension GroupProposer {
    /// The group as this member last applied it.
    package var membership: MemberList { self.state.withLock { $0.member.membership } }

    /// Whether this member leads and takes proposals.
    package var isLeader: Bool {
        self.state.withLock { state in state.member.announced.map { state.member.leads($0) } ?? false }
    }

    /// The members, with who leads and who answers, as this member sees it.
    package var members: [SwarmRaftMember] {
        let (membership, status) = self.state.withLock { ($0.member.membership, $0.status) }
        let leads = status.leader == status.member && status.leader != 0
        return membership.members.map { member in
            var member = member
            member.status.leader = member.raftID == status.leader
            let isActive =
                leads
                ? status.peers.first { $0.member == member.raftID }?.isActive ?? false
                : self.transport.isReachable(RaftID(rawValue: member.raftID))
            let isReachable = member.raftID == status.member || isActive
            member.status.reachability = isReachable ? .reachable : .unreachable
            return member
        }
    }

    /// Says whom to connect to while this member has nothing of the group's log.
    package func introduce(_ members: [SwarmRaftMember]) {
        if self.membership.members.isEmpty { self.transport.setMembers(members) }
    }

    /// Takes a member in; as a learner it gets the log and does not vote.
    package func add(_ member: SwarmRaftMember, asLearner: Bool) async throws(ProposalError) {
        try await self.change(asLearner ? .addLearner : .addVoter, member)
    }

    /// Says that a member listens elsewhere now.
    package func update(_ member: SwarmRaftMember) async throws(ProposalError) {
        try await self.change(.update, member)
    }

    /// Removes a member; its identifier never comes back.
    package func remove(_ id: RaftID) async throws(ProposalError) {
        try await self.change(.remove, .with { $0.raftID = id.rawValue })
    }

    /// Whether the voters that answer are a majority of those that remain when `id` is gone.
    package func canRemove(_ id: RaftID) -> Bool {
        let status = self.status
        let others = status.peers.filter { !$0.isLearner && $0.member != id.rawValue }
        let active = others.filter { $0.isActive || $0.member == status.member }
        return active.count >= others.count / 2 + 1
    }

    /// Proposes a change and returns when this member applied it.
    ///
    /// One change is under way at a time; raft would drop a second one. After `lostLeadership` the change may
    /// yet take place.
    private func change(
        _ kind: ConfigurationChange.Kind,
        _ member: SwarmRaftMember
    ) async throws(ProposalError) {
        var context: [UInt8] = []
        if kind != .remove {
            guard let bytes: [UInt8] = try? member.serializedBytes() else { throw .closed }
            context = bytes
        }
        let node = RaftID(rawValue: member.raftID)
        let id = UInt64.random(in: 1 ... .max)
        let change = ConfigurationChange(v1: kind, node, id: id, context: context)
        let result: Result<Void, ProposalError> = await withCheckedContinuation { waiter in
            let refusal: ProposalError? = self.state.withLock { state in
                guard state.isOpen else { return .closed }
                guard state.change == nil else { return .overloaded }
                do throws(ProposalError) { try state.member.propose(change) } catch { return error }
                let deadline = state.ticks + UInt64(self.limits.changeTicks)
                state.change = PendingChange(id: id, deadline: deadline, waiter: waiter)
                return nil
            }
            if let refusal { waiter.resume(returning: .failure(refusal)) }
            self.pump()
        }
        try result.get()
    }

    /// The change `id` was applied; nil says that nothing more will be heard of the one under way.
    func settleChange(_ id: UInt64?) {
        let change = self.state.withLock { state in
            guard let change = state.change, id == nil || change.id == id else {
                return nil as PendingChange?
            }
            state.change = nil
            return change
        }
        change?.waiter.resume(returning: id == nil ? .failure(.lostLeadership) : .success(()))
    }
}
