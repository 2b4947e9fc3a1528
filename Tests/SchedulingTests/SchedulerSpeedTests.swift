import Primitives
import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct `Placing many tasks` {
    /// A store with `nodes` nodes, and `tasks` waiting tasks of one service.
    private func crowd(nodes: Int, tasks: Int) throws -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: Timestamp(seconds: 1))
        for number in 0..<nodes {
            let node = SwarmNode.with {
                $0.id = "node\(number)"
                $0.status.state = .ready
                $0.description_p.resources.memoryBytes = 1 << 40
            }
            try transaction.create(node)
        }
        let spec = SwarmTaskSpec.with { $0.resources.reservations.memoryBytes = 1 << 20 }
        for number in 0..<tasks {
            let task = SwarmTask.with {
                $0.id = "task\(number)"
                $0.serviceID = "service"
                $0.specVersion = SwarmVersion()
                $0.slot = UInt64(number + 1)
                $0.spec = spec
                $0.desiredState = .running
                $0.status.state = .pending
            }
            try transaction.create(task)
        }
        return transaction.state
    }

    @Test func `ten thousand tasks are spread evenly over a thousand nodes`() throws {
        let state = try self.crowd(nodes: 1_000, tasks: 10_000)
        var scheduler = Scheduler()
        var generator = SeededGenerator(seed: 1)
        scheduler.start(on: state, now: Timestamp(seconds: 2))
        let clock = ContinuousClock()
        var edits: [StoreEdit] = []
        let time = clock.measure {
            edits = scheduler.plan(on: state, now: Timestamp(seconds: 2), using: &generator)
        }
        var counts: [String: Int] = [:]
        for case .assign(let task) in edits { counts[task.nodeID, default: 0] += 1 }
        #expect(edits.count == 10_000)
        #expect(counts.count == 1_000)
        #expect(counts.values.allSatisfy { $0 == 10 })
        // 0.17 s without optimisation; the limit leaves room for a busy machine, not for a worse algorithm.
        #expect(time < .seconds(4), "took \(time)")
    }
}
