package import GroupSimulation

/// What came of a run.
package struct ClusterReport: Sendable {
    /// The seed of the run.
    package let seed: UInt64
    /// The rule that was broken; nil if all held.
    package let violation: Violation?
    /// A number that two runs of a seed have in common.
    package let hash: UInt64
    /// How many events and commits there were.
    package let events: Int
    package let commits: Int
    /// The virtual time that passed.
    package let end: Moment
    /// What users did and what went wrong, by name.
    package let counts: [String: Int]
    /// How many tasks were made.
    package let tasks: Int
    /// The last lines of the trace.
    package let tail: [String]
}

extension ClusterReport: CustomStringConvertible {
    package var description: String {
        let hash = String(self.hash, radix: 16)
        let line =
            "seed \(self.seed) hash \(hash) events \(self.events) commits \(self.commits) "
            + "seconds \(self.end) tasks \(self.tasks)"
        guard let violation else { return line + " ok" }
        let counts = self.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let head = ["seed \(self.seed): \(violation)", line, counts.joined(separator: ", ")]
        return (self.tail + head).joined(separator: "\n")
    }
}
