import BenchSupport
import Foundation

/// Writes through the API: both systems on the same disk, one loader, round by round in turns.
///
/// Each cell has fresh groups, so that none pays for the objects that earlier cells left.
enum WritesSuite {
    private static let widths = [7, 7, 10, 8, 8, 10, 8, 8, 11]

    static func run(_ options: BenchOptions, in folder: ScratchFolder) async throws -> Report {
        var probe = SyncProbe(in: folder.url)
        var cells: [WritesCell] = []
        for members in options.members {
            for clients in options.clients {
                try probe.measure()
                Progress.note("writes: \(members) members, \(clients) clients")
                cells.append(try await Self.cell(members, clients, options, in: folder))
            }
        }
        try probe.measure()
        return Self.report(cells, probe, options)
    }

    private static func cell(
        _ members: Int,
        _ clients: Int,
        _ options: BenchOptions,
        in folder: ScratchFolder
    ) async throws -> WritesCell {
        let scratch = try folder.subfolder("writes-\(members)-\(clients)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        return try await MemberGroup.withEach(
            options.systems,
            members: members,
            swarmd: options.swarmd,
            in: scratch
        ) { groups in
            var cell = WritesCell(members: members, clients: clients)
            for round in 0..<options.rounds {
                // Who goes first changes, since what the first one wrote may still be on its way to the disk.
                for group in round.isMultiple(of: 2) ? groups : groups.reversed() {
                    let leader = try await group.settle()
                    let load = options.load(clients)
                    cell.add(
                        try await load.run(on: group.endpoints[leader], name: "r\(round)"),
                        of: group.system
                    )
                }
            }
            return cell
        }
    }
}

// MARK: - What it found

extension WritesSuite {
    private static func report(_ cells: [WritesCell], _ probe: SyncProbe, _ options: BenchOptions) -> Report {
        var report = Report()
        report.line(
            "writes of \(Load.valueBytes) bytes; medians of \(options.rounds) rounds; p50 and p99 in ms"
        )
        let names = ["swarmd/s", "p50", "p99", "etcd/s", "p50", "p99"]
        report.row(["members", "clients"] + names + ["swarmd/etcd"], widths: Self.widths)
        for cell in cells {
            let figures = System.allCases.flatMap { system in
                [
                    cell.median(\.rate, of: system), cell.median(\.p50, of: system),
                    cell.median(\.p99, of: system),
                ]
            }
            let row = ["\(cell.members)", "\(cell.clients)"] + figures.map(Report.text)
            report.row(row + [Report.text(cell.rate(of: .swarmd, over: .etcd))], widths: Self.widths)
            for system in System.allCases {
                guard let failures = cell.failures[system] else { continue }
                report.line("        \(failures.count) writes to \(system) failed, first: \(failures.first)")
            }
        }
        report.findings = probe.findings + cells.flatMap { Self.findings($0, options, probe) }
        return report
    }

    private static func findings(
        _ cell: WritesCell,
        _ options: BenchOptions,
        _ probe: SyncProbe
    ) -> [Finding] {
        var found: [Finding] = []
        for system in options.systems {
            let name = "\(system.figure)-\(cell.members)"
            let p50 = cell.median(\.p50, of: system)
            found += [
                .figure("\(name)-writes-\(cell.clients)", cell.median(\.rate, of: system), unit: "1/s"),
                .figure("\(name)-p50-\(cell.clients)", p50, unit: "ms"),
                .figure("\(name)-p99-\(cell.clients)", cell.median(\.p99, of: system), unit: "ms"),
            ]
            guard cell.clients == 1 else { continue }
            found += [
                .ratio("\(name)-p50-1-over-fdatasync", p50 / probe.appends.median),
                .ratio("\(name)-p50-1-over-fdatasync-overwrite", p50 / probe.overwrites.median),
            ]
        }
        if options.systems.count == System.allCases.count {
            let name = "raft-\(cell.members)-writes-\(cell.clients)-over-etcd"
            found.append(.ratio(name, cell.rate(of: .swarmd, over: .etcd)))
        }
        return found
    }
}
