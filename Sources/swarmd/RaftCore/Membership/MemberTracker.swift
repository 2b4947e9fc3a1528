/// The group, and what is known of each of its members.
///
/// Changes either succeed as a whole or leave everything as it was (etcd's `confchange.Changer`).
package struct MemberTracker: Sendable, Equatable {
    /// Who belongs to the group.
    package private(set) var membership = Membership()
    /// How far each member is; exactly the voters and learners are here.
    package var peers = PeerTable()
    private let window: InflightWindow

    /// A group without members, whose members may have so much on its way to them.
    package init(maxInflightMessages: Int, maxInflightBytes: UInt64 = 0) {
        self.window = InflightWindow(limit: maxInflightMessages, byteLimit: maxInflightBytes)
    }

    /// The highest index that the group has acknowledged.
    var committedIndex: UInt64 {
        self.membership.voters.committedIndex { self.peers[$0]?.match }
    }

    /// Whether a quorum was heard of since the flags were cleared.
    var isQuorumActive: Bool {
        self.membership.voters.outcome { self.peers[$0]?.isRecentlyActive } == .won
    }

    /// Forgets how far everybody is, as somebody must who has just won or lost an election.
    mutating func resetProgress(lastIndex: UInt64, own id: RaftID) {
        self.peers.forEach { peer, progress in
            let isLearner = progress.isLearner
            progress = Progress(next: lastIndex + 1, isLearner: isLearner, inflights: self.window)
            if peer == id { progress.acknowledgeOwn(lastIndex) }
        }
    }

    // MARK: Changes

    /// Carries out a change of either form; the new members are thought to lack what comes after `lastIndex`.
    package mutating func apply(
        _ change: ConfigurationChange,
        lastIndex: UInt64
    ) throws(MembershipError) {
        if change.leavesJoint {
            try self.leaveJoint()
        } else if change.entersJoint {
            let autoLeave = change.transition != .explicit
            try self.enterJoint(change.changes, autoLeave: autoLeave, lastIndex: lastIndex)
        } else {
            try self.simple(change.changes, lastIndex: lastIndex)
        }
    }

    /// Carries out changes that touch at most one voter.
    package mutating func simple(
        _ changes: [ConfigurationChange.Change],
        lastIndex: UInt64
    ) throws(MembershipError) {
        guard !self.membership.voters.isJoint else { throw .simpleWhileJoint }
        var draft = self
        try draft.change(changes, lastIndex: lastIndex)
        let before = self.membership.voters.incoming.voters
        guard draft.membership.voters.incoming.voters.differences(from: before) <= 1 else {
            throw .severalVotersChanged
        }
        try self.adopt(draft)
    }

    /// Enters the joint configuration of the group as it is and as it is after the changes.
    package mutating func enterJoint(
        _ changes: [ConfigurationChange.Change],
        autoLeave: Bool,
        lastIndex: UInt64
    ) throws(MembershipError) {
        guard !self.membership.voters.isJoint else { throw .alreadyJoint }
        guard !self.membership.voters.incoming.voters.isEmpty else { throw .noVotersToJoin }
        var draft = self
        draft.membership.voters.outgoing = draft.membership.voters.incoming
        draft.membership.autoLeave = autoLeave
        try draft.change(changes, lastIndex: lastIndex)
        try self.adopt(draft)
    }

    /// Leaves the joint configuration: the incoming half decides alone.
    package mutating func leaveJoint() throws(MembershipError) {
        guard self.membership.voters.isJoint else { throw .notJoint }
        var draft = self
        for id in draft.membership.learnersNext {
            draft.membership.learners.insert(id)
            draft.peers[id]?.isLearner = true
        }
        draft.membership.learnersNext = []
        let outgoing = draft.membership.voters.outgoing.voters
        draft.membership.voters.outgoing = Majority()
        draft.membership.autoLeave = false
        for id in outgoing where !draft.isMember(id) { draft.peers[id] = nil }
        try self.adopt(draft)
    }

    /// Replaces the group by the one that a snapshot describes.
    package mutating func restore(
        _ state: ConfigurationState,
        lastIndex: UInt64
    ) throws(MembershipError) {
        var draft = self
        draft.membership = Membership(state)
        draft.peers = PeerTable()
        for id in draft.membership.voters.voters { draft.track(id, isLearner: false, lastIndex: lastIndex) }
        for id in draft.membership.learners { draft.track(id, isLearner: true, lastIndex: lastIndex) }
        guard draft.membership.state == state.inOrder else {
            throw .contradictory(reason: "a member is listed twice")
        }
        guard !state.voters.isEmpty || state == ConfigurationState() else { throw .noVotersLeft }
        try self.adopt(draft)
    }

    // MARK: Single members

    private mutating func change(
        _ changes: [ConfigurationChange.Change],
        lastIndex: UInt64
    ) throws(MembershipError) {
        // A change of nobody is one that the proposer's state machine took back.
        for change in changes where change.node != .none {
            switch change.kind {
            case .addVoter: self.makeVoter(change.node, lastIndex: lastIndex)
            case .addLearner: self.makeLearner(change.node, lastIndex: lastIndex)
            case .remove: self.remove(change.node)
            case .update: break
            }
        }
        guard !self.membership.voters.incoming.voters.isEmpty else { throw .noVotersLeft }
    }

    private mutating func makeVoter(_ id: RaftID, lastIndex: UInt64) {
        self.membership.voters.incoming.voters.insert(id)
        self.membership.learners.remove(id)
        self.membership.learnersNext.remove(id)
        if self.peers[id] == nil {
            self.track(id, isLearner: false, lastIndex: lastIndex)
        } else {
            self.peers[id]?.isLearner = false
        }
    }

    /// Makes `id` a learner, at once or, while it votes in the outgoing half, when that is gone.
    private mutating func makeLearner(_ id: RaftID, lastIndex: UInt64) {
        guard let progress = self.peers[id] else {
            self.membership.learners.insert(id)
            self.track(id, isLearner: true, lastIndex: lastIndex)
            return
        }
        guard !progress.isLearner else { return }
        self.membership.voters.incoming.voters.remove(id)
        if self.membership.voters.outgoing.voters.contains(id) {
            self.membership.learnersNext.insert(id)
        } else {
            self.membership.learners.insert(id)
            self.peers[id]?.isLearner = true
        }
    }

    private mutating func remove(_ id: RaftID) {
        self.membership.voters.incoming.voters.remove(id)
        self.membership.learners.remove(id)
        self.membership.learnersNext.remove(id)
        if !self.membership.voters.outgoing.voters.contains(id) { self.peers[id] = nil }
    }

    /// Begins to follow a member's progress.
    ///
    /// It counts as heard of, lest the leader step down before it had a chance to speak.
    private mutating func track(_ id: RaftID, isLearner: Bool, lastIndex: UInt64) {
        var progress = Progress(next: max(lastIndex, 1), isLearner: isLearner, inflights: self.window)
        progress.isRecentlyActive = true
        self.peers[id] = progress
    }

    private func isMember(_ id: RaftID) -> Bool {
        self.membership.voters.contains(id) || self.membership.learners.contains(id)
    }

    private mutating func adopt(_ draft: MemberTracker) throws(MembershipError) {
        try draft.membership.check()
        for id in draft.membership.voters.voters.union(draft.membership.learners) {
            precondition(
                draft.peers[id]?.isLearner == draft.membership.learners.contains(id),
                "member \(id) is not tracked as what it is"
            )
        }
        self = draft
    }
}
