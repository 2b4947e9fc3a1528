import Allocation
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

/// Many tasks of one network.
@Suite struct AllocationScaleTests {
    private static let now = Timestamp(seconds: 2)

    /// A store with a network of `subnet` that has all it needs, and `tasks` new tasks attached to it.
    private static func crowd(_ subnet: String, tasks: Int) throws -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: Timestamp(seconds: 1))
        try transaction.create(
            SwarmNetwork.with {
                $0.id = "network"
                $0.spec.annotations.name = "front"
                $0.driverState.name = "overlay"
                $0.driverState.options["com.docker.network.driver.overlay.vxlanid_list"] = "4096"
                $0.ipam.configs = [
                    .with {
                        $0.subnet = subnet
                        $0.gateway = "10.1.0.1"
                    }
                ]
            }
        )
        for number in 0..<tasks {
            try transaction.create(
                SwarmTask.with {
                    $0.id = "task\(number)"
                    $0.spec.networks = [.with { $0.target = "network" }]
                    $0.desiredState = .running
                }
            )
        }
        return transaction.state
    }

    private static func tasks(in edits: [StoreEdit]) -> [SwarmTask] {
        edits.compactMap { if case .update(.task(let task)) = $0 { task } else { nil } }
    }

    @Test func `ten thousand tasks get ten thousand addresses in one plan`() throws {
        let state = try Self.crowd("10.1.0.0/16", tasks: 10_000)
        var allocator = Allocator()
        var generator = SeededGenerator(seed: 1)
        allocator.start(on: state, now: Self.now)
        let edits = allocator.plan(on: state, now: Self.now, using: &generator)
        let addresses = Set(Self.tasks(in: edits).flatMap { $0.networks.flatMap(\.addresses) })
        #expect(addresses.count == 10_000)
    }

    @Test func `a full network lets one more task in for each that ends, and looks for no other`() throws {
        var state = try Self.crowd("10.1.0.0/24", tasks: 2_000)
        var allocator = Allocator()
        var generator = SeededGenerator(seed: 1)
        allocator.start(on: state, now: Self.now)
        var version: UInt64 = 1
        func commit(_ edits: [StoreEdit]) {
            version += 1
            var transaction = Transaction(on: state, version: version, now: Self.now)
            transaction.apply(edits)
            state = transaction.state
            allocator.observe(
                Commit(index: version, changes: transaction.changes, state: state),
                now: Self.now
            )
        }
        let first = allocator.plan(on: state, now: Self.now, using: &generator)
        #expect(Self.tasks(in: first).count { $0.status.state == .pending } == 253)
        #expect(first.count == 2_000, "the others say what they wait for")
        commit(first)
        #expect(allocator.plan(on: state, now: Self.now, using: &generator).isEmpty)
        for round in 0..<5 {
            var ended = try #require(state.tasks.unordered.first { $0.status.state == .pending })
            ended.status.state = .failed
            commit([.update(.task(ended))])
            let next = Self.tasks(in: allocator.plan(on: state, now: Self.now, using: &generator))
            #expect(next.count == 1, "round \(round)")
            #expect(next.first?.networks.first?.addresses == ended.networks.first?.addresses)
            commit(next.map { .update(.task($0)) })
        }
    }
}
