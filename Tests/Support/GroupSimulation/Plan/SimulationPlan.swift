package import Replication

/// What a run is like: its sizes, its network and what may go wrong, all drawn from the seed.
package struct SimulationPlan: Sendable {
    /// Members at the beginning.
    package var members = 3
    /// Machines in all.
    package var machines = 5
    /// Clients.
    package var clients = 3
    /// The names that clients write to; few of them make conflicts.
    package var names = 4
    /// What a client does nothing for between two requests, on average.
    package var thinkTime = Span.milliseconds(100)
    /// For how long things go wrong.
    package var dangerous = Span.seconds(15)
    /// How long it may take until everything is well again.
    package var patience = Span.seconds(40)
    /// The time between two faults, on average.
    package var faultInterval = Span.milliseconds(700)
    /// What may go wrong; one that is named twice happens twice as often.
    package var faults: [FaultKind] = []
    /// What a sync takes, on average.
    package var syncTime = Span.milliseconds(1)
    /// What the store waits for its turn, on average.
    package var storeTime = Span(microseconds: 0)
    /// Entries between two snapshots.
    package var snapshotInterval: UInt64 = 50
    /// Entries between two digests.
    package var digestInterval: UInt64 = 16
    /// Bytes of a segment of the log.
    package var segmentBytes: UInt64 = 8192
    /// The limits of the members.
    package var limits = GroupLimits()
    /// The network at the beginning.
    package var network = NetworkConditions()
    /// The largest deviation of a clock.
    package var skew = 0.1
    /// Whether a failed sync leaves bytes in memory that are on no disk.
    package var showsUnwritten = false

    /// The plan of a seed.
    package init(seed: UInt64) {
        var chance = Chance(seed: seed, concern: "plan")
        self.members = chance.pick([1, 2, 3, 3, 3, 3, 4, 5, 5, 7]) ?? 3
        self.machines = min(9, self.members + chance.number(in: 1...3))
        self.clients = chance.number(in: 1...5)
        self.names = chance.number(in: 1...5)
        self.thinkTime = .milliseconds(chance.pick([10, 30, 80, 200]) ?? 30)
        self.dangerous = .milliseconds(chance.number(in: 5_000...20_000))
        self.faultInterval = .milliseconds(chance.pick([150, 300, 700, 1_500]) ?? 300)
        self.faults = Self.faults(&chance)
        self.syncTime = Span(microseconds: chance.pick([50, 500, 3_000, 20_000]) ?? 500)
        self.storeTime = Span(microseconds: chance.pick([0, 200, 20_000]) ?? 0)
        self.snapshotInterval = UInt64(chance.pick([10, 15, 30, 100]) ?? 15)
        self.segmentBytes = UInt64(chance.pick([4_096, 8_192, 32_768]) ?? 4_096)
        self.limits.keptEntries = UInt64(chance.pick([0, 0, 3, 20, 100]) ?? 3)
        self.limits.inflightMessages = chance.pick([1, 4, 256]) ?? 4
        self.limits.messageBytes = UInt64(chance.pick([200, 2_000, 1 << 20]) ?? 2_000)
        self.limits.committedBytes = UInt64(chance.pick([100, 1_000, 8 << 20]) ?? 1_000)
        self.limits.batchBytes = chance.pick([100, 4 << 20]) ?? 100
        self.limits.flushBytes = chance.pick([1, 500, 256 << 10]) ?? 500
        self.skew = chance.pick([0, 0.02, 0.1]) ?? 0
        self.showsUnwritten = chance.happens(0.5)
        self.network = Self.weather(&chance)
    }

    /// A network that is good, middling or bad.
    static func weather(_ chance: inout Chance) -> NetworkConditions {
        var network = NetworkConditions()
        if chance.happens(0.5) { network.loss = chance.fraction() * 0.3 }
        if chance.happens(0.4) { network.duplication = chance.fraction() * 0.5 }
        network.leastDelay = Span(microseconds: chance.pick([50, 500, 5_000]) ?? 50)
        network.meanDelay = Span(microseconds: chance.pick([100, 2_000, 20_000, 80_000]) ?? 100)
        return network
    }

    /// Each run knows only some of the faults, some of them often (swarm testing, Groce et al., 2012).
    private static func faults(_ chance: inout Chance) -> [FaultKind] {
        var faults: [FaultKind] = []
        for kind in FaultKind.allCases where chance.happens(0.5) {
            faults += [FaultKind](repeating: kind, count: chance.number(in: 1...3))
        }
        return faults
    }
}
