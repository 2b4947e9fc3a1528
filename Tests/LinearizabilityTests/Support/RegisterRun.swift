import Linearizability
import Primitives

/// Random runs of a register.
enum RegisterRun {
    typealias Entry = Operation<RegisterModel.Input, RegisterModel.Output>

    /// A linearizable history of so many operations that take effect.
    static func history(_ count: Int, seed: UInt64, lost: UInt64) -> [Entry] {
        var generator = SeededGenerator(seed: seed)
        var run = WidenedRun<RegisterModel.Input, RegisterModel.Output>(.init(lost: lost), seed: seed &+ 1)
        var value: Int?
        for _ in 0..<count {
            let input = Self.input(using: &generator)
            switch input {
            case .read: run.add(input, .value(value))
            case .write(let new):
                value = new
                run.add(input, .written)
            case .swap(let old, let new):
                run.add(input, value == old ? .written : .mismatch)
                if value == old { value = new }
            }
            if lost > 0, generator.next() % lost == 0 { run.addVain(Self.input(using: &generator)) }
        }
        return run.history
    }

    /// Any history of so many operations, with answers that are mostly wrong.
    static func noise(_ count: Int, seed: UInt64) -> [Entry] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { client in
            let input = Self.input(using: &generator)
            let called = UInt64.random(in: 0..<20, using: &generator)
            let returned = called + UInt64.random(in: 0..<12, using: &generator)
            let output: RegisterModel.Output
            switch input {
            case .read: output = .value(Int.random(in: 0..<3, using: &generator))
            case .write: output = .written
            case .swap: output = Bool.random(using: &generator) ? .written : .mismatch
            }
            let isLost = generator.next() % 3 == 0
            return Entry(
                client: client,
                input: input,
                called: called,
                outcome: isLost ? .unknown : .known(output, at: returned)
            )
        }
    }

    private static func input(using generator: inout SeededGenerator) -> RegisterModel.Input {
        let value = Int.random(in: 0..<3, using: &generator)
        switch generator.next() % 3 {
        case 0: return .read
        case 1: return .write(value)
        default: return .swap(old: Int.random(in: 0..<3, using: &generator), new: value)
        }
    }
}
