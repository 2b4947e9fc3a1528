import Primitives
import StoreCore
import SwarmAPI
import Testing

struct DigestFoldTests {
    /// A state after `steps` changes, and the objects that each of them touched.
    private func states(_ steps: Int) throws -> [(state: StoreState, touched: TouchedObjects)] {
        var generator = SeededGenerator(seed: 7)
        var state = StoreState()
        return try (0..<steps).map { step in
            var transaction = Transaction(on: state, version: UInt64(step + 1))
            for _ in 0..<3 {
                let id = "t\(generator.next() % 10)"
                if var task = transaction.state.tasks[id] {
                    if generator.next() % 4 == 0 {
                        try transaction.remove(SwarmTask.self, id: id)
                    } else {
                        task.slot &+= 1
                        try transaction.update(task)
                    }
                } else {
                    try transaction.create(SwarmTask.fixture(id, service: "s"))
                }
            }
            state = transaction.state
            return (state, TouchedObjects(transaction.changes))
        }
    }

    @Test func `part by part it comes to the same as the whole`() throws {
        var fold = DigestFold()
        for (step, (state, touched)) in try self.states(200).enumerated() {
            let since = step == 0 ? nil : UInt64(step - 1)
            let digest = fold.fold(
                DigestPart(index: UInt64(step), state: state, since: since, touched: touched)
            )
            #expect(digest == StateDigest(of: state))
        }
    }

    @Test func `after a part that was left out it looks at everything`() throws {
        var fold = DigestFold()
        for (step, (state, touched)) in try self.states(50).enumerated() where step % 7 != 3 {
            let since = step == 0 ? nil : UInt64(step - 1)
            let digest = fold.fold(
                DigestPart(index: UInt64(step), state: state, since: since, touched: touched)
            )
            #expect(digest == StateDigest(of: state))
        }
    }

    @Test func `what is untouched but different shows in the next whole`() throws {
        let states = try self.states(2)
        var fold = DigestFold()
        _ = fold.fold(DigestPart(index: 1, state: states[0].state, since: nil, touched: TouchedObjects()))
        let digest = fold.fold(
            DigestPart(index: 2, state: states[1].state, since: 1, touched: TouchedObjects())
        )
        #expect(digest == StateDigest(of: states[0].state))
    }
}
