package import Linearizability

/// What came of a run.
package struct SimulationReport: Sendable {
    /// The seed of the run.
    package let seed: UInt64
    /// The rule that was broken; nil if all held.
    package let violation: Violation?
    /// A number that two runs of a seed have in common.
    package let hash: UInt64
    /// How many events there were.
    package let events: Int
    /// The virtual time that passed.
    package let end: Moment
    /// What clients did.
    package let history: [Operation<ControlCall, ControlReply>]
    /// What went wrong, by kind.
    package let faults: [(kind: FaultKind, count: Int)]
    /// The last lines of the trace.
    package let tail: [String]

    /// How many operations have a known answer.
    package var answered: Int { self.history.count { $0.output != nil } }
}

extension SimulationReport: CustomStringConvertible {
    package var description: String {
        let hash = String(self.hash, radix: 16)
        let line =
            "seed \(self.seed) hash \(hash) events \(self.events) seconds \(self.end) operations "
            + "\(self.history.count) answered \(self.answered)"
        guard let violation else { return line + " ok" }
        let faults = self.faults.map { "\($0.kind.rawValue) \($0.count)" }.joined(separator: ", ")
        return (["seed \(self.seed): \(violation)", line, "faults: \(faults)"] + self.tail).joined(
            separator: "\n"
        )
    }
}
