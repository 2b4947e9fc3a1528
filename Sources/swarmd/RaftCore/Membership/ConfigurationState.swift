/// The group as snapshots and the wire tell it; every array is in ascending order.
package struct ConfigurationState: Sendable, Equatable {
    /// Who votes, or shall vote after the joint configuration.
    package var voters: [RaftID]
    /// Who votes until the joint configuration is left.
    package var votersOutgoing: [RaftID]
    /// Who gets the log without a vote.
    package var learners: [RaftID]
    /// Who still votes and becomes a learner when the joint configuration is left.
    package var learnersNext: [RaftID]
    /// Whether the joint configuration is left by itself.
    package var autoLeave: Bool

    /// A group; the arrays are put in order.
    package init(
        voters: [RaftID] = [],
        votersOutgoing: [RaftID] = [],
        learners: [RaftID] = [],
        learnersNext: [RaftID] = [],
        autoLeave: Bool = false
    ) {
        self.voters = voters.sorted()
        self.votersOutgoing = votersOutgoing.sorted()
        self.learners = learners.sorted()
        self.learnersNext = learnersNext.sorted()
        self.autoLeave = autoLeave
    }

    /// Whether `id` belongs to the group in any way.
    package func contains(_ id: RaftID) -> Bool {
        // Who is in `learnersNext` still votes in `votersOutgoing`.
        [self.voters, self.learners, self.votersOutgoing].contains { $0.contains(id) }
    }

    /// The same group with every array in ascending order.
    var inOrder: ConfigurationState {
        ConfigurationState(
            voters: self.voters,
            votersOutgoing: self.votersOutgoing,
            learners: self.learners,
            learnersNext: self.learnersNext,
            autoLeave: self.autoLeave
        )
    }
}
