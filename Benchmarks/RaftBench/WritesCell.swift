import BenchSupport

/// One size of group under one number of clients, each system's rounds in the order of time.
struct WritesCell: Sendable {
    /// One round of one system.
    struct Round: Sendable {
        var rate: Double
        var p50: Double
        var p99: Double
    }

    let members: Int
    let clients: Int
    private var rounds: [System: [Round]] = [:]
    /// Failed writes, and what the first one said.
    private(set) var failures: [System: (count: Int, first: String)] = [:]

    init(members: Int, clients: Int) {
        self.members = members
        self.clients = clients
    }

    /// Adds a round.
    mutating func add(_ result: LoadResult, of system: System) {
        let samples = result.samples
        let round = Round(
            rate: result.writesPerSecond,
            p50: samples.median,
            p99: samples.percentile(0.99)
        )
        self.rounds[system, default: []].append(round)
        guard let failure = result.failure else { return }
        self.failures[system, default: (0, failure)].count += result.failures
    }

    /// The median of a figure over a system's rounds; NaN without rounds.
    func median(_ figure: (Round) -> Double, of system: System) -> Double {
        Samples((self.rounds[system] ?? []).map(figure)).median
    }

    /// How many times as much `system` writes as `other`: the median over the rounds, each of which ran both
    /// one after the other.
    func rate(of system: System, over other: System) -> Double {
        Samples(zip(self.rounds[system] ?? [], self.rounds[other] ?? []).map { $0.rate / $1.rate }).median
    }
}
