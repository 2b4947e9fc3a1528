package import GroupSimulation

/// What a run is like: its sizes, its pace, and what may go wrong, all drawn from the seed.
package struct ClusterPlan: Sendable {
    /// Nodes at the beginning.
    package var nodes = 4
    /// How many services there may be at a time.
    package var services = 4
    /// For how long users change things and things go wrong.
    package var dangerous = Span.seconds(90)
    /// How long it may take until everything is as it was asked for.
    package var patience = Span.seconds(3_600)
    /// The time between two commands of users, on average.
    package var commandInterval = Span.seconds(3)
    /// The time between two faults, on average.
    package var faultInterval = Span.seconds(4)
    /// What may go wrong; one that is named twice happens twice as often.
    package var faults: [ClusterFault] = []
    /// The period of heartbeats.
    package var heartbeat = Span.seconds(5)
    /// What a message takes, on average.
    package var delay = Span.milliseconds(5)
    /// What a commit takes, on average.
    package var commit = Span.milliseconds(5)
    /// What a component of the leader waits before it looks at what was committed, on average.
    package var reaction = Span.milliseconds(5)
    /// The most edits in one entry of the log; small ones show what comes between.
    package var batch = 200
    /// Whether images fail, and how often services ask for such ones.
    package var badImages = 0.3
    /// The most that leaders' clocks differ.
    package var skew = Span.seconds(0)

    /// The plan of a seed.
    package init(seed: UInt64) {
        var chance = Chance(seed: seed, concern: "plan")
        self.nodes = chance.number(in: 1...6)
        self.services = chance.number(in: 1...5)
        self.dangerous = .milliseconds(chance.number(in: 20_000...120_000))
        self.commandInterval = .milliseconds(chance.pick([700, 2_000, 5_000]) ?? 2_000)
        self.faultInterval = .milliseconds(chance.pick([1_500, 4_000, 10_000]) ?? 4_000)
        self.heartbeat = .milliseconds(chance.pick([1_000, 2_000, 5_000]) ?? 5_000)
        self.delay = .milliseconds(chance.pick([1, 10, 80]) ?? 10)
        self.reaction = .milliseconds(chance.pick([1, 10, 200, 1_500]) ?? 10)
        self.batch = chance.pick([1, 2, 5, 200]) ?? 200
        self.badImages = chance.pick([0, 0.2, 0.5]) ?? 0
        self.skew = .milliseconds(chance.pick([0, 0, 50, 3_000]) ?? 0)
        self.commit = .milliseconds(chance.pick([1, 10, 300]) ?? 10)
        // Each run knows only some of the faults, some of them often (swarm testing, Groce et al., 2012).
        for kind in ClusterFault.allCases where chance.happens(0.5) {
            self.faults += [ClusterFault](repeating: kind, count: chance.number(in: 1...3))
        }
    }
}
