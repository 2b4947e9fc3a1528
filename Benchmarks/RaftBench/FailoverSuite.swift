import BenchSupport
import Foundation
import Glibc

/// How long no write succeeds when the leader of three ends, killed or told to stop.
enum FailoverSuite {
    private static let members = 3

    /// How a leader ends.
    private enum Ending: String, CaseIterable {
        case kill
        case stop

        var signal: Int32 { self == .kill ? SIGKILL : SIGTERM }
    }

    /// What keeps a failover from being measured.
    enum Failure: Error, CustomStringConvertible {
        case noWrites(System)

        var description: String {
            switch self {
            case .noWrites(let system): "no write to \(system) succeeded for a minute"
            }
        }
    }

    static func run(_ options: BenchOptions, in folder: ScratchFolder) async throws -> Report {
        var report = Report()
        report.line("ms without a successful write; \(Self.members) members, \(options.trials) leaders each")
        let widths = [7, 7, 8, 8]
        report.row(["system", "leader", "median", "worst"], widths: widths)
        let scratch = try folder.subfolder("failover")
        for system in options.systems {
            let gaps = try await MemberGroup.withEach(
                [system],
                members: Self.members,
                swarmd: options.swarmd,
                in: scratch
            ) { groups in
                var gaps: [(Ending, Samples)] = []
                for ending in Ending.allCases {
                    gaps.append((ending, try await Self.gaps(ending, groups[0], options)))
                }
                return gaps
            }
            for (ending, gap) in gaps {
                let (median, worst) = (gap.median, gap.percentile(1))
                report.row(
                    [system.rawValue, ending.rawValue, Report.text(median), Report.text(worst)],
                    widths: widths
                )
                let name = "\(system.figure)-\(Self.members)-failover-\(ending.rawValue)"
                report.findings += [
                    .figure("\(name)-median", median, unit: "ms"),
                    .figure("\(name)-worst", worst, unit: "ms"),
                ]
            }
        }
        if options.systems.contains(.swarmd) { report += try await LabFailover.run(options, in: folder) }
        return report
    }

    private static func gaps(
        _ ending: Ending,
        _ group: MemberGroup,
        _ options: BenchOptions
    ) async throws -> Samples {
        var times: [Double] = []
        for number in 0..<options.trials {
            let gap = try await Self.trial(ending, group, name: "\(ending)-\(number)")
            Progress.note("failover: \(group.system) \(ending) \(Report.text(gap.milliseconds)) ms")
            times.append(gap.milliseconds)
        }
        return Samples(times)
    }

    /// Ends the leader while writes go on, and starts it again.
    private static func trial(_ ending: Ending, _ group: MemberGroup, name: String) async throws -> Duration {
        let leader = try await group.settle()
        let trickle = Trickle()
        let gap = try await withThrowingTaskGroup(of: Void.self) { tasks in
            defer { tasks.cancelAll() }
            tasks.addTask { await trickle.run(on: group.endpoints, name: name) }
            try await Self.wait(group, for: trickle, after: .now)
            try await ContinuousClock().sleep(for: .milliseconds(500))
            let daemon = group.daemon(leader)
            let began = ContinuousClock.now
            daemon.signal(ending.signal)
            while daemon.isRunning { try await ContinuousClock().sleep(for: .milliseconds(1)) }
            try await Self.wait(group, for: trickle, after: .now)
            // A leader that was just elected may have to be elected again.
            try await ContinuousClock().sleep(for: .seconds(1))
            return trickle.longestGap(from: began)
        }
        try group.restart(leader)
        guard let gap else { throw Failure.noWrites(group.system) }
        return gap
    }

    private static func wait(
        _ group: MemberGroup,
        for trickle: Trickle,
        after instant: ContinuousClock.Instant
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !trickle.succeeded(after: instant) {
            guard ContinuousClock.now < deadline else { throw Failure.noWrites(group.system) }
            try await ContinuousClock().sleep(for: .milliseconds(5))
        }
    }
}
