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

    private func part(_ step: Int, _ state: StoreState, _ touched: TouchedObjects) -> DigestPart {
        DigestPart(
            index: UInt64(step),
            basis: step == 0 ? .whole(state) : .since(UInt64(step - 1), touched)
        )
    }

    @Test func `part by part it comes to the same as the whole`() throws {
        var fold = DigestFold()
        for (step, (state, touched)) in try self.states(200).enumerated() {
            #expect(fold.fold(self.part(step, state, touched)) == StateDigest(of: state))
        }
    }

    @Test func `behind a part that was left out nothing is known until the next whole`() throws {
        let states = try self.states(6)
        var fold = DigestFold()
        for step in [0, 1] { _ = fold.fold(self.part(step, states[step].state, states[step].touched)) }
        for step in [3, 4] {
            #expect(fold.fold(self.part(step, states[step].state, states[step].touched)) == nil)
        }
        let whole = DigestPart(index: 4, basis: .whole(states[4].state))
        #expect(fold.fold(whole) == StateDigest(of: states[4].state))
        #expect(
            fold.fold(self.part(5, states[5].state, states[5].touched)) == StateDigest(of: states[5].state)
        )
    }

    @Test func `what is untouched but different shows in the next whole`() throws {
        let states = try self.states(2)
        var fold = DigestFold()
        _ = fold.fold(self.part(0, states[0].state, TouchedObjects()))
        #expect(
            fold.fold(self.part(1, states[1].state, TouchedObjects())) == StateDigest(of: states[0].state)
        )
        let whole = DigestPart(index: 2, basis: .whole(states[1].state))
        #expect(fold.fold(whole) == StateDigest(of: states[1].state))
    }
}
