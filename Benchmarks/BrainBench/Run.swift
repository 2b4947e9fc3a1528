import Primitives
import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// How the tasks of a run belong together.
enum Kind: String, CaseIterable {
    /// All are tasks of one service.
    case grouped
    /// None has a service, and all ask for the same.
    case oneOff = "one-off"
    /// None has a service, and no two ask for the same.
    case unlike = "unlike"
}

/// One measurement.
struct Run {
    private let tasks: Int
    /// The time for deciding where all tasks go.
    let decision: Duration
    /// The same with the decisions carried out on the store, and taken in again as commits.
    let total: Duration

    /// Fails when not every task found a node.
    init(nodes: Int, tasks: Int, kind: Kind) throws {
        let state = try Self.crowd(nodes: nodes, tasks: tasks, kind: kind)
        let now = Timestamp(seconds: 2)
        var generator = SeededGenerator(seed: 1)
        var scheduler = Scheduler()
        scheduler.start(on: state, now: now)
        let clock = ContinuousClock()
        let begin = clock.now
        let edits = scheduler.plan(on: state, now: now, using: &generator)
        let decided = clock.now
        var version: UInt64 = 1
        var current = state
        for start in stride(from: 0, to: edits.count, by: 200) {
            version += 1
            var transaction = Transaction(on: current, version: version, now: now)
            transaction.apply(edits[start..<min(start + 200, edits.count)])
            current = transaction.state
            let commit = Commit(index: version, changes: transaction.changes, state: current)
            scheduler.observe(commit, now: now)
        }
        self.total = clock.now - begin
        self.decision = decided - begin
        self.tasks = tasks
        let assigned = current.tasks.unordered.reduce(0) { $0 + ($1.status.state == .assigned ? 1 : 0) }
        guard assigned == tasks else { throw Unplaced(count: tasks - assigned) }
    }

    /// Tasks a second.
    func rate(_ duration: Duration) -> Double { Double(self.tasks) / (duration / .seconds(1)) }

    private struct Unplaced: Error { let count: Int }

    private static func crowd(nodes: Int, tasks: Int, kind: Kind) throws -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: Timestamp(seconds: 1))
        var generator = SeededGenerator(seed: 7)
        func identifier() -> String {
            let digits = "0123456789abcdefghijklmnopqrstuvwxyz".utf8.map { $0 }
            return String(
                decoding: (0..<25).map { _ in digits[Int.random(in: 0..<36, using: &generator)] },
                as: UTF8.self
            )
        }
        for _ in 0..<nodes {
            try transaction.create(
                SwarmNode.with {
                    $0.id = identifier()
                    $0.status.state = .ready
                    $0.description_p.resources.memoryBytes = 1 << 50
                }
            )
        }
        let spec = SwarmTaskSpec.with { $0.resources.reservations.memoryBytes = 1 << 20 }
        for number in 0..<tasks {
            try transaction.create(
                SwarmTask.with {
                    $0.id = identifier()
                    $0.spec = spec
                    switch kind {
                    case .grouped:
                        $0.serviceID = "service"
                        $0.specVersion = SwarmVersion()
                        $0.slot = UInt64(number + 1)
                    case .oneOff: break
                    case .unlike: $0.spec.resources.reservations.memoryBytes = Int64(number + 1)
                    }
                    $0.desiredState = .running
                    $0.status.state = .pending
                }
            )
        }
        return transaction.state
    }
}
