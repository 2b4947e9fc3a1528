import BenchSupport
import FailoverLab
import Foundation
import Linearizability
import NetworkLab

/// Failovers in network namespaces, with everything recorded that clients of all members saw.
///
/// The linearizability checker judges each history: a figure is only worth something if no acknowledged write
/// was lost and no read was stale.
enum LabFailover {
    private static let members = 3
    /// Between two calls of a client.
    private static let pause = Duration.milliseconds(5)

    /// A history that no order of its calls explains.
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ options: BenchOptions, in folder: ScratchFolder) async throws -> Report {
        var report = Report()
        if let obstacle = NetworkLab.obstacle {
            report.line("not measured in network namespaces: \(obstacle)")
            return report
        }
        let cut = "cut off for \(Report.text(options.cut / .seconds(1))) s"
        report.line("the same in network namespaces, histories checked; answers: after healing")
        let widths = [20, 8, 8, 8, 8, 8, 16]
        report.row(["leader", "median", "worst", "answers", "worst", "calls", ""], widths: widths)
        let scratch = try folder.subfolder("failover-lab")
        let disturbances: [(String, String, FailoverTrial.Disturbance)] = [
            ("kill", "kill", .kill), ("stop", "stop", .stop),
            (cut, "cut", .cut(.both, leader: true, lasting: options.cut)),
        ]
        try await LabGroup.with(members: Self.members, swarmd: options.swarmd, in: scratch) { group in
            for (title, name, disturbance) in disturbances {
                let results = try await Self.trials(disturbance, name, group, options)
                let gaps = Samples(results.map(\.gap.milliseconds))
                let recoveries = Samples(results.compactMap(\.recovery?.milliseconds))
                let figures = [gaps.median, gaps.percentile(1), recoveries.median, recoveries.percentile(1)]
                let calls = results.reduce(0) { $0 + $1.history.operations.count }
                report.row([title] + figures.map(Report.text) + ["\(calls)", "linearizable"], widths: widths)
                let names = ["median", "worst", "answers-median", "answers-worst"]
                for (figure, value) in zip(names, figures) where value.isFinite {
                    report.findings.append(.figure("raft-lab-\(name)-\(figure)", value, unit: "ms"))
                }
            }
        }
        return report
    }

    private static func trials(
        _ disturbance: FailoverTrial.Disturbance,
        _ name: String,
        _ group: LabGroup,
        _ options: BenchOptions
    ) async throws -> [FailoverTrial.Result] {
        var results: [FailoverTrial.Result] = []
        for number in 0..<options.trials {
            let trial = FailoverTrial(disturbance, pause: Self.pause)
            let result = try await trial.run(on: group, name: "\(name)\(number)")
            let figures = [result.gap, result.recovery].map { $0.map { Report.text($0.milliseconds) } ?? "-" }
            Progress.note("failover in namespaces: \(name) \(figures.joined(separator: ", ")) ms")
            guard result.verdict.isLinearizable else { throw Wrong(description: "\(result.verdict)") }
            guard result.answersWhileCut == 0 else {
                throw Wrong(
                    description: "\(result.answersWhileCut) reads answered by a leader that was cut off"
                )
            }
            results.append(result)
        }
        return results
    }
}
