import GroupSimulation
import Testing

@Suite struct SimulationTests {
    /// Seeds of one test case; many short cases keep all cores busy to the end.
    private static let block: UInt64 = 10

    private func check(_ seed: UInt64) {
        var simulation = Simulation(seed: seed)
        let report = simulation.run()
        #expect(report.violation == nil, "\(report)")
    }

    @Test(arguments: PastSeeds.all) func `a seed that failed once holds`(seed: UInt64) { self.check(seed) }

    @Test(arguments: 0..<50) func `whole groups keep every promise, whatever goes wrong`(block: UInt64) {
        for place in 0..<Self.block { self.check(FreshSeeds.first + block * Self.block + place) }
    }

    @Test(arguments: [3, 20, 34, 57]) func `a seed always gives the same run`(seed: UInt64) {
        var first = Simulation(seed: seed)
        var second = Simulation(seed: seed)
        #expect(first.run().hash == second.run().hash)
    }

    @Test func `clients get answers and machines suffer`() {
        var answered = 0
        var kinds: Set<FaultKind> = []
        for seed in 0..<12 as Range<UInt64> {
            var simulation = Simulation(seed: seed)
            let report = simulation.run()
            answered += report.answered
            kinds.formUnion(report.faults.map(\.kind))
        }
        #expect(answered > 300)
        #expect(kinds.count == FaultKind.allCases.count)
    }
}
