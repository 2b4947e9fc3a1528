/// Who belongs to the group, and how.
package struct Membership: Sendable, Equatable {
    /// Who decides.
    package var voters = JointMajority()
    /// Who gets the log without a vote; never a voter of either half.
    package var learners: RaftIDSet = []
    /// Who votes in the outgoing half only and becomes a learner afterwards.
    package var learnersNext: RaftIDSet = []
    /// Whether the joint configuration is left as soon as it is committed.
    package var autoLeave = false

    /// A group without members.
    package init() {}

    /// The group that `state` describes; nothing is checked.
    init(_ state: ConfigurationState) {
        self.voters = JointMajority(
            incoming: RaftIDSet(state.voters),
            outgoing: RaftIDSet(state.votersOutgoing)
        )
        self.learners = RaftIDSet(state.learners)
        self.learnersNext = RaftIDSet(state.learnersNext)
        self.autoLeave = state.autoLeave
    }

    /// Whether only one member votes.
    package var isSingleton: Bool { !self.voters.isJoint && self.voters.incoming.voters.count == 1 }

    /// The group in the form of snapshots and the wire.
    package var state: ConfigurationState {
        ConfigurationState(
            voters: self.voters.incoming.voters.elements,
            votersOutgoing: self.voters.outgoing.voters.elements,
            learners: self.learners.elements,
            learnersNext: self.learnersNext.elements,
            autoLeave: self.autoLeave
        )
    }

    /// Throws if a rule is broken that every group keeps.
    func check() throws(MembershipError) {
        for id in self.learnersNext where !self.voters.outgoing.voters.contains(id) {
            throw .contradictory(reason: "\(id) shall become a learner, but is no outgoing voter")
        }
        for id in self.learners where self.voters.contains(id) {
            throw .contradictory(reason: "\(id) is a learner and a voter")
        }
        guard !self.voters.isJoint else { return }
        guard self.learnersNext.isEmpty else {
            throw .contradictory(reason: "\(self.learnersNext.elements) wait for nothing to become learners")
        }
        guard !self.autoLeave else {
            throw .contradictory(reason: "a configuration is to be left that is not joint")
        }
    }
}
