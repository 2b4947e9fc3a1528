import BenchSupport
import Foundation
import Replication

/// Below the API: transactions that a leader's own components commit, beside etcd's writes through its API.
enum CoreSuite {
    private static let members = 3
    private static let inFlight = 64

    static func run(_ options: BenchOptions, in folder: ScratchFolder) async throws -> Report {
        let scratch = try folder.subfolder("core")
        let others = options.systems.filter { $0 == .etcd }
        return try await MemberGroup.withEach(
            others,
            members: Self.members,
            swarmd: options.swarmd,
            in: scratch
        ) { groups in
            var core = WritesCell(members: Self.members, clients: Self.inFlight)
            var syncs: [Double] = []
            for round in 0..<options.rounds {
                Progress.note("core: round \(round + 1)")
                let (result, share) = try await Self.round(
                    options,
                    in: scratch.appending(path: "core-\(round)")
                )
                core.add(result, of: .swarmd)
                syncs.append(share)
                for group in groups {
                    let leader = try await group.settle()
                    let load = options.load(Self.inFlight)
                    core.add(
                        try await load.run(on: group.endpoints[leader], name: "r\(round)"),
                        of: group.system
                    )
                }
            }
            return Self.report(core, syncs: Samples(syncs), options)
        }
    }

    /// One round in a group of its own; the share is the leader's syncs for each transaction.
    private static func round(_ options: BenchOptions, in folder: URL) async throws -> (LoadResult, Double) {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await CoreGroup.with(members: UInt64(Self.members), in: folder) { group in
            let before = group.counters.syncs
            let load = CoreLoad(inFlight: Self.inFlight, warmUp: options.warmUp, duration: options.duration)
            let result = try await load.run(on: group.leader, group.executor)
            return (result, Double(group.counters.syncs - before) / Double(result.writes))
        }
    }

    private static func report(_ cell: WritesCell, syncs: Samples, _ options: BenchOptions) -> Report {
        var report = Report()
        report.line(
            "transactions of the leader's components; \(Self.members) members, \(Self.inFlight) in flight"
        )
        let widths = [18, 10, 8, 8]
        report.row(["", "1/s", "p50", "p99"], widths: widths)
        for (system, name) in [(System.swarmd, "swarmd, in process"), (.etcd, "etcd, by its API")] {
            let figures = [
                cell.median(\.rate, of: system), cell.median(\.p50, of: system),
                cell.median(\.p99, of: system),
            ]
            report.row([name] + figures.map(Report.text), widths: widths)
        }
        report.findings = [
            .figure("raft-core-\(Self.inFlight)", cell.median(\.rate, of: .swarmd), unit: "1/s"),
            .figure("raft-core-\(Self.inFlight)-p50", cell.median(\.p50, of: .swarmd), unit: "ms"),
            .figure("raft-core-\(Self.inFlight)-fdatasyncs-per-write", syncs.median, unit: "1"),
        ]
        if options.systems.contains(.etcd) {
            let ratio = cell.rate(of: .swarmd, over: .etcd)
            report.findings.append(.ratio("raft-core-\(Self.inFlight)-over-etcd", ratio))
        }
        return report
    }
}
