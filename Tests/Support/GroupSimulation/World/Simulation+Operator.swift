import RaftCore
import ReplicatedStore
import Replication
import SwarmAPI
import SwiftProtobuf

// How the group changes.
extension Simulation {
    /// Looks at the change that is wanted, and asks the leader for it if need be.
    mutating func operate() throws(Violation) {
        self.queue.add(.operate, at: self.now + .milliseconds(50))
        self.noticeRemovals()
        guard let task = self.group.tasks.first else { return }
        switch task {
        case .join(let machine, let learner): try self.join(machine, learner: learner)
        case .promote(let machine): try self.promote(machine)
        case .remove(let machine): try self.remove(machine)
        case .readdress(let machine): try self.tellAddress(machine)
        }
    }

    /// A removal that was given up may take place all the same.
    private mutating func noticeRemovals() {
        guard self.group.isIdle else { return }
        for manager in self.managers where manager.role == .member {
            guard self.isKnownToBeRemoved(manager.number) else { continue }
            self.note(manager.number, "turns out to be removed", [manager.raftID.rawValue])
            self.managers[manager.number].role = .spare
        }
    }

    private mutating func join(_ machine: Int, learner: Bool) throws(Violation) {
        if self.managers[machine].role != .joining {
            self.managers[machine].role = .joining
            self.managers[machine].port += 1
            self.provision(machine)
        }
        let id = self.managers[machine].raftID
        let members = self.managers.compactMap { $0.process?.member }.filter {
            $0.membership.member(id) != nil
        }
        guard let agreed = members.first else {
            return try self.propose(learner ? .addLearner : .addVoter, machine)
        }
        self.note(machine, "has joined", [id.rawValue])
        self.managers[machine].contacts = agreed.membership.members
        self.managers[machine].role = .member
        self.group.finish()
        if learner, self.group.happens(0.8) { self.group.add(.promote(machine: machine)) }
        try self.start(machine)
    }

    private mutating func promote(_ machine: Int) throws(Violation) {
        guard let leader = self.leader, let member = self.managers[leader].process?.member else { return }
        let id = self.managers[machine].raftID
        guard self.isStillMember(machine), !member.node.configuration.voters.contains(id) else {
            return self.group.finish()
        }
        let peer = member.node.status.peers.first { $0.id == id }
        guard let peer, peer.match + 10 > member.node.lastIndex else { return }
        try self.propose(.addVoter, machine)
    }

    /// Whether a leader without the member on `machine` has taken over.
    ///
    /// Until then the member must not go: the others may need its vote, as far as they know.
    private func isKnownToBeRemoved(_ machine: Int) -> Bool {
        let id = self.managers[machine].raftID
        guard let leader = self.leader, leader != machine else { return false }
        return self.managers[leader].process?.member.membership.isRemoved(id) == true
    }

    /// Whether there is a member to ask something for: a removal that was given up may have taken place.
    private func isStillMember(_ machine: Int) -> Bool {
        self.managers[machine].role == .member && !self.isKnownToBeRemoved(machine)
    }

    private mutating func remove(_ machine: Int) throws(Violation) {
        let id = self.managers[machine].raftID
        guard !self.isKnownToBeRemoved(machine) else {
            self.note(machine, "is removed", [id.rawValue])
            self.managers[machine].role = .spare
            // Others have to find out themselves.
            if self.group.happens(0.5) { self.managers[machine].process = nil }
            return self.group.finish()
        }
        guard let leader = self.leader, let member = self.managers[leader].process?.member else { return }
        let others = member.node.status.peers.filter { !$0.isLearner && $0.id != id }
        let active = others.filter { $0.answers || $0.id == member.id }
        guard active.count > others.count / 2 else {
            if self.managers[machine].role == .member { self.group.finish() }
            return
        }
        // Half of the leaders hand over first.
        guard leader != machine || self.group.happens(0.5) else {
            guard let heir = member.heir, let process = self.managers[leader].process?.number else { return }
            return try self.step(leader, process) { $0.member.transferLeadership(to: heir) }
        }
        try self.propose(.remove, machine)
    }

    private mutating func tellAddress(_ machine: Int) throws(Violation) {
        guard self.isStillMember(machine) else { return self.group.finish() }
        guard let leader = self.leader, let member = self.managers[leader].process?.member else { return }
        let manager = self.managers[machine]
        guard member.membership.member(manager.raftID)?.addr != manager.address else {
            return self.group.finish()
        }
        try self.propose(.update, machine)
    }

    /// Asks the leader for a change, and again after a while.
    private mutating func propose(
        _ kind: ConfigurationChange.Kind,
        _ machine: Int
    ) throws(Violation) {
        if let asked = self.group.asked, self.now < asked + .milliseconds(400) { return }
        guard let leader = self.leader, let process = self.managers[leader].process else { return }
        self.group.asked = self.now
        let context: [UInt8] = kind == .remove ? [] : (try? self.named(machine).serializedBytes()) ?? []
        let change = ConfigurationChange(
            v1: kind,
            self.managers[machine].raftID,
            id: self.group.takeChange(),
            context: context
        )
        self.note(
            leader,
            "is asked for a change: kind member",
            [UInt64(kind.rawValue), self.managers[machine].raftID.rawValue]
        )
        try self.step(leader, process.number) { process in
            do throws(ProposalError) { try process.member.propose(change) } catch { return }
        }
    }
}
