import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct ConsoleTrackerTests {
    private static func commit(_ index: UInt64, _ changes: StoreChange...) -> Commit {
        Commit(index: index, changes: changes, state: StoreState())
    }

    private static func change(
        _ id: String,
        from old: SwarmTaskState,
        to new: SwarmTaskState,
        at seconds: Int64
    ) -> StoreChange {
        .update(
            .task(Fixture.task(id, state: new, at: seconds)),
            old: .task(Fixture.task(id, state: old))
        )
    }

    private static func text(_ summaries: [SwarmdStateSummary]) -> [String] {
        summaries.map { "\($0.state) \($0.tasks) since \($0.oldest.seconds)" }
    }

    @Test func `tasks are counted by state, with the one that is longest there`() {
        var tracker = ConsoleTracker()
        tracker.observe(
            Self.commit(
                1,
                .create(.task(Fixture.task("a", state: .new, at: 10))),
                .create(.task(Fixture.task("b", state: .new, at: 5)))
            )
        )
        #expect(Self.text(tracker.summaries()) == ["new 2 since 5"])
        tracker.observe(Self.commit(2, Self.change("b", from: .new, to: .running, at: 20)))
        #expect(Self.text(tracker.summaries()) == ["new 1 since 10", "running 1 since 20"])
        tracker.observe(Self.commit(3, .remove(.task(Fixture.task("a", state: .new)))))
        #expect(Self.text(tracker.summaries()) == ["running 1 since 20"])
        #expect(tracker.index == 3)
    }

    @Test func `a change that leaves the state alone is no step`() {
        var tracker = ConsoleTracker()
        tracker.observe(Self.commit(1, .create(.task(Fixture.task("a", state: .running, at: 1)))))
        tracker.observe(Self.commit(2, Self.change("a", from: .running, to: .running, at: 9)))
        #expect(tracker.transitions.map(\.at.seconds) == [1])
        #expect(Self.text(tracker.summaries()) == ["running 1 since 1"])
    }

    @Test func `fresh steps are given once, remembered ones as often as asked`() {
        var tracker = ConsoleTracker()
        tracker.observe(Self.commit(1, .create(.task(Fixture.task("a", state: .new, at: 1)))))
        #expect(tracker.takeFresh().map(\.state) == [.new])
        tracker.observe(Self.commit(2, Self.change("a", from: .new, to: .pending, at: 2)))
        #expect(tracker.freshCount == 1)
        #expect(tracker.takeFresh().map(\.state) == [.pending])
        #expect(tracker.takeFresh().isEmpty)
        #expect(tracker.transitions.map(\.state) == [.new, .pending])
    }

    @Test func `the steps of one task are bounded, and forgotten with it`() {
        var tracker = ConsoleTracker()
        tracker.observe(Self.commit(1, .create(.task(Fixture.task("a", state: .new, at: 0)))))
        for round in Int64(1)...100 {
            let (old, new): (SwarmTaskState, SwarmTaskState) =
                round % 2 == 1 ? (.new, .running) : (.running, .new)
            tracker.observe(Self.commit(UInt64(round) + 1, Self.change("a", from: old, to: new, at: round)))
        }
        #expect(tracker.transitions.count == ConsoleTracker.stepsPerTask)
        #expect(tracker.transitions.last?.at.seconds == 100)
        tracker.observe(Self.commit(200, .remove(.task(Fixture.task("a", state: .new)))))
        #expect(tracker.transitions.isEmpty && tracker.summaries().isEmpty)
    }

    @Test func `taking a state over adds what was missed and drops what is gone`() throws {
        var tracker = ConsoleTracker()
        tracker.observe(
            Self.commit(
                1,
                .create(.task(Fixture.task("gone", state: .running, at: 1))),
                .create(.task(Fixture.task("moved", state: .new, at: 2)))
            )
        )
        var transaction = Transaction(on: StoreState(), version: 1, now: TestManager.now)
        try transaction.create(Fixture.task("moved", state: .running, at: 3))
        try transaction.create(Fixture.task("new", state: .pending, at: 4))
        tracker.reconcile(with: transaction.state, index: 9)
        #expect(Self.text(tracker.summaries()) == ["pending 1 since 4", "running 1 since 3"])
        #expect(tracker.transitions.map(\.taskID) == ["moved", "moved", "new"])
        #expect(tracker.index == 9)
    }
}
