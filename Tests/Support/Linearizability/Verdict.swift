/// What the checker says about a history.
package enum Verdict<Model: SequentialModel>: Sendable {
    /// There is an order of the operations that explains all answers.
    case linearizable
    /// There is none; this is how far the best one gets.
    case notLinearizable(Counterexample<Model>)
    /// The search was given up after so many steps; this is how far it got, and where there may be a mistake.
    case unknown(steps: Int, furthest: Counterexample<Model>)

    /// Whether an order was found that explains all answers.
    package var isLinearizable: Bool {
        if case .linearizable = self { true } else { false }
    }

    /// How far the best order gets, if it is known that none explains all answers.
    package var counterexample: Counterexample<Model>? {
        if case .notLinearizable(let counterexample) = self { counterexample } else { nil }
    }
}

extension Verdict: CustomStringConvertible {
    package var description: String {
        switch self {
        case .linearizable: "linearizable"
        case .notLinearizable(let counterexample): "not linearizable\n\(counterexample)"
        case .unknown(let steps, let furthest): "unknown after \(steps) steps\n\(furthest)"
        }
    }
}
