import ClusterSimulation
import Foundation
import GroupSimulation

/// Runs simulations: `--seed S` one, `--seeds N` many from `--first F` on; `--trace` shows every line, `--limit T`
/// begins none after T seconds, `--keep-going` does not stop at the first that fails.
///
/// Simulated are groups of managers, or with `--clusters` whole clusters: a leader's components, nodes and users.
/// `--past` tries the seeds first that failed once, and `--begin` says which seed comes next: that shows where a
/// broken assertion ended the process.
@main
struct SwarmSim {
    static func main() {
        let arguments = CommandLine.arguments
        let echo: (@Sendable (String) -> Void)? = arguments.contains("--trace") ? Self.write : nil
        let isCluster = arguments.contains("--clusters")
        let only = Self.number("--seed", arguments)
        let first = only ?? Self.number("--first", arguments) ?? 0
        let count = only == nil ? Self.number("--seeds", arguments) ?? 1 : 1
        let limit = Duration.seconds(Int64(Self.number("--limit", arguments) ?? 1_000_000))
        let past = isCluster ? PastClusterSeeds.all : PastSeeds.all
        let seeds = (arguments.contains("--past") ? past : []) + Array(first..<first + count)
        let begin = ContinuousClock.now
        var failures = 0
        for seed in seeds where ContinuousClock.now - begin < limit {
            if arguments.contains("--begin") { Self.write("begin \(seed)") }
            guard !(isCluster ? Self.runCluster(seed, echo) : Self.runGroup(seed, echo)) else { continue }
            failures += 1
            if !arguments.contains("--keep-going") { break }
        }
        exit(failures == 0 ? 0 : 1)
    }

    /// Runs a group of managers; returns whether every rule held.
    private static func runGroup(_ seed: UInt64, _ echo: (@Sendable (String) -> Void)?) -> Bool {
        var simulation = Simulation(seed: seed, echo: echo)
        let report = simulation.run()
        Self.write("\(report)")
        return report.violation == nil
    }

    /// Runs a cluster; returns whether every rule held.
    private static func runCluster(_ seed: UInt64, _ echo: (@Sendable (String) -> Void)?) -> Bool {
        var cluster = SimulatedCluster(seed: seed, echo: echo)
        let report = cluster.run()
        Self.write("\(report)")
        return report.violation == nil
    }

    private static func number(_ option: String, _ arguments: [String]) -> UInt64? {
        guard let place = arguments.firstIndex(of: option), place + 1 < arguments.count else { return nil }
        return UInt64(arguments[place + 1])
    }

    @Sendable private static func write(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
