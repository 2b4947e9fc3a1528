import Foundation
import GroupSimulation

/// Runs simulations: `--seed S` one, `--seeds N` many from `--first F` on; `--trace` shows every line, `--limit T`
/// begins none after T seconds, `--keep-going` does not stop at the first that fails.
///
/// `--past` tries the seeds first that failed once, and `--begin` says which seed comes next: that shows where a
/// broken assertion ended the process.
@main
struct SwarmSim {
    static func main() {
        let arguments = CommandLine.arguments
        let trace = arguments.contains("--trace")
        let only = Self.number("--seed", arguments)
        let first = only ?? Self.number("--first", arguments) ?? 0
        let count = only == nil ? Self.number("--seeds", arguments) ?? 1 : 1
        let limit = Duration.seconds(Int64(Self.number("--limit", arguments) ?? 1_000_000))
        let past = arguments.contains("--past") ? PastSeeds.all : []
        let begin = ContinuousClock.now
        var failures = 0
        for seed in past + Array(first..<first + count) where ContinuousClock.now - begin < limit {
            if arguments.contains("--begin") { Self.write("begin \(seed)") }
            var simulation = Simulation(seed: seed, echo: trace ? Self.write : nil)
            let report = simulation.run()
            Self.write("\(report)")
            guard report.violation != nil else { continue }
            failures += 1
            if !arguments.contains("--keep-going") { break }
        }
        exit(failures == 0 ? 0 : 1)
    }

    private static func number(_ option: String, _ arguments: [String]) -> UInt64? {
        guard let place = arguments.firstIndex(of: option), place + 1 < arguments.count else { return nil }
        return UInt64(arguments[place + 1])
    }

    @Sendable private static func write(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
