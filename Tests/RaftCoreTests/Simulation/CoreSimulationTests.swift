import RaftCore
import Testing

@Suite struct CoreSimulationTests {
    @Test(arguments: 0..<8)
    func `under faults of every kind a group keeps raft's promises, and recovers`(block: Int) {
        for seed in UInt64(block) * 10..<UInt64(block + 1) * 10 {
            var simulation = CoreSimulation(seed: seed)
            simulation.run(steps: 4000)
            #expect(simulation.violations.isEmpty, "seed \(seed)")
        }
    }
}
