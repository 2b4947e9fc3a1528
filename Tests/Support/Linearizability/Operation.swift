/// What one client asked of the system, when, and what came of it.
package struct Operation<Input: Sendable, Output: Sendable>: Sendable {
    /// What is known about the end of an operation.
    package enum Outcome: Sendable {
        /// The client got this answer at that time.
        case known(Output, at: UInt64)
        /// The client got no answer that says whether there was an effect: a time-out, a lost leadership, a
        /// broken stream.
        ///
        /// The effect may come at any time after the call, or never.
        case unknown
    }

    /// The client, which has at most one operation with a known outcome under way.
    package let client: Int
    /// What it asked for.
    package let input: Input
    /// When it asked, in units that only have to be the same all over a history.
    package let called: UInt64
    /// What came of it.
    package let outcome: Outcome

    /// Records an operation.
    ///
    /// One that surely had no effect and says nothing about the state, such as a refused connection, does not
    /// belong into a history.
    package init(client: Int, input: Input, called: UInt64, outcome: Outcome) {
        if case .known(_, let returned) = outcome {
            precondition(
                returned >= called,
                "client \(client) was answered at \(returned), asked at \(called)"
            )
        }
        self.client = client
        self.input = input
        self.called = called
        self.outcome = outcome
    }

    /// The answer, if there was one.
    package var output: Output? {
        if case .known(let output, _) = self.outcome { output } else { nil }
    }

    /// When the answer came, if one did.
    package var returned: UInt64? {
        if case .known(_, let returned) = self.outcome { returned } else { nil }
    }
}

extension Operation.Outcome: Equatable where Output: Equatable {}

extension Operation: Equatable where Input: Equatable, Output: Equatable {}

extension Operation: CustomStringConvertible {
    package var description: String {
        let end = self.returned.map(String.init) ?? "-"
        let answer = self.output.map { "\($0)" } ?? "?"
        return "client \(self.client) [\(self.called), \(end)] \(self.input) => \(answer)"
    }
}
