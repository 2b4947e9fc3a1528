package import RaftCore
import SwarmAPI

// What others say of themselves, and of this member.
extension Member {
    /// Whether the node `node`, which sends as `id` in `term`, may say where the member `id` listens.
    ///
    /// A member is the node that the group names. One that the group does not name here may be newer than what
    /// this member has of the log, if its term is not behind.
    package func believes(_ node: String, as id: RaftID, in term: UInt64) -> Bool {
        guard id != self.id, !self.membership.isRemoved(id) else { return false }
        if let member = self.membership.member(id) { return member.nodeID == node }
        return term >= self.node.term
    }

    /// The member `id` says that this one was removed.
    package mutating func told(removedBy id: RaftID) { self.farewell.told(by: id) }

    /// Whether this member was removed and is not needed any more.
    package var isDismissed: Bool { self.farewell.isOver }

    /// A question that only shows whether the receiver still takes this member for one.
    ///
    /// Without a term it is of no consequence to raft, and a member that was removed is refused whatever it says.
    func question(to id: RaftID) -> Message { Message(.heartbeatResponse, to: id, from: self.id) }

    /// Whom to ask whether this member was removed.
    mutating func takeLeave() -> [Message] {
        // A leader that was removed serves until another member has its office.
        let isApplied = self.membership.isRemoved(self.id) && self.node.role != .leader
        // One that was removed before it had any of the log knows no voters.
        let known = self.node.configuration.voters
        let voters = known.isEmpty ? self.contacts.filter { $0 != self.id } : known
        let others = voters.filter { $0 != self.id }
        let votes = others.count < voters.count
        return self.farewell.tick(votes: votes, isApplied: isApplied, others: others).map(self.question)
    }
}
