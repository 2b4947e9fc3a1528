package import RaftCore

// How leadership passes to another member.
extension Member {
    /// Whether leadership is being handed over, so that no proposals are taken.
    var isHandingOver: Bool { self.isResigning || self.node.leadTransferee != .none }

    /// Whether this member is told to the store as the leader of `term` and takes its proposals.
    ///
    /// While leadership is being handed over it is still the leader, but takes none.
    package func leads(_ term: UInt64) -> Bool { self.announced == term && !self.isHandingOver }

    /// Takes no more proposals, in order to hand leadership over once those that it took are committed.
    package mutating func resign() {
        self.flush()
        self.isResigning = true
    }

    /// Takes proposals again if it still leads, unless raft itself is handing leadership over.
    package mutating func stay() { self.isResigning = false }

    /// Hands leadership to `peer`; if nobody took it within an election time-out, this member leads on.
    ///
    /// What was proposed goes to raft before, which refuses it from then on.
    package mutating func transferLeadership(to peer: RaftID) {
        self.flush()
        self.node.transferLeadership(to: peer)
    }

    /// Whether everything in this member's log is committed.
    package var isSettled: Bool {
        self.pending.isEmpty && self.isSettledInLog
    }

    /// The member that should lead after this one: the voter that answers and is furthest.
    package var heir: RaftID? {
        let voters = self.node.status.peers.filter {
            !$0.isLearner && $0.id != self.id && $0.answers
        }
        let furthest = voters.map(\.match).max()
        return voters.first { $0.match == furthest }?.id
    }
}
