import Linearizability
import Primitives

/// Makes a concurrent history out of a sequential run, each of whose operations takes effect at one instant.
///
/// Calls move to before the instant, answers to after it, and some answers get lost. So the history is
/// linearizable, whatever the numbers.
struct WidenedRun<Input: Sendable, Output: Sendable> {
    /// What is done to the run.
    struct Widening {
        /// How many operations later an answer may come, and how many earlier a call.
        var reach: UInt64 = 4
        /// Of how many operations one loses its answer; none if zero.
        var lost: UInt64 = 0
    }

    private let widening: Widening
    private var generator: SeededGenerator
    private var instant: UInt64 = 1000
    private(set) var history: [Operation<Input, Output>] = []

    init(_ widening: Widening, seed: UInt64) {
        self.widening = widening
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func add(_ input: Input, _ output: Output) {
        self.instant += 10
        let called = self.instant - UInt64.random(in: 0...self.widening.reach * 10, using: &self.generator)
        let returned = self.instant + UInt64.random(in: 0...self.widening.reach * 10, using: &self.generator)
        let isLost = self.widening.lost > 0 && self.generator.next() % self.widening.lost == 0
        self.history.append(
            Operation(
                client: self.history.count,
                input: input,
                called: called,
                outcome: isLost ? .unknown : .known(output, at: returned)
            )
        )
    }

    /// Adds an operation that was called about now, and never takes effect.
    mutating func addVain(_ input: Input) {
        self.history.append(
            Operation(client: self.history.count, input: input, called: self.instant, outcome: .unknown)
        )
    }
}
