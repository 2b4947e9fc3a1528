/// Why a history is not linearizable: its shortest prefix that isn't, and the order that explains most of it.
///
/// Without the answer of `blocked`, and all that came later, the history would be linearizable.
package struct Counterexample<Model: SequentialModel>: Sendable {
    /// What a history of the model consists of.
    package typealias Entry = Operation<Model.Input, Model.Output>

    /// An operation in the order, and the state that it leaves behind.
    package struct Placement: Sendable {
        /// The operation.
        package let operation: Entry
        /// The state behind it.
        package let state: Model.State
    }

    /// The order that explains all answers before the one of `blocked`, and most of those after.
    package let placed: [Placement]
    /// The operation whose answer no order explains.
    package let blocked: Entry
    /// The other operations that were under way then and are not in the order, earliest call first.
    package let unplaced: [Entry]
    /// The states that some order reaches before `blocked`, in the order in which they were found.
    ///
    /// The first few, for there may be many.
    package let states: [Model.State]

    /// How many operations at the end of the order are described: the beginning hardly ever matters.
    private static var placedLimit: Int { 24 }
}

extension Counterexample: CustomStringConvertible {
    package var description: String {
        var lines = ["not explained:", "    \(self.blocked)", "states before it:"]
        lines += self.states.map { "    \($0)" }
        lines.append("longest order, \(self.placed.count) operations:")
        let omitted = self.placed.count - Self.placedLimit
        if omitted > 0 { lines.append("    (\(omitted) more)") }
        lines += self.placed.suffix(Self.placedLimit).map { "    \($0.operation), then \($0.state)" }
        if !self.unplaced.isEmpty { lines.append("also under way, not placed:") }
        lines += self.unplaced.map { "    \($0)" }
        return lines.joined(separator: "\n")
    }
}
