import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd cluster check`.
struct ClusterCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for addresses, ports and tunnels that leaked or were given out twice.",
        discussion: """
            Compares all that networks have given out with what services, tasks and nodes use. What is at fault is \
            listed with what a repair would do; --repair does it, and leaves what an operator has to decide. A repair \
            stops tasks only where two have one address, or where their network or node is gone; others take their \
            place. The exit status is 1 as long as something is wrong.

            EXAMPLES
              swarmd cluster check
              swarmd cluster check --repair --format json
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(help: "Repair what can be repaired.") var repair = false
    @Option(help: "Output as `table` or `json`.") var format: String = "table"

    func run() async throws {
        let isJSON = try Units.choice(
            self.format,
            flag: "--format",
            among: [("table", false), ("json", true)]
        )
        let repair = self.repair
        let answer = try await self.daemon.connect { try await $0.checkCluster(repair: repair) }
        if isJSON {
            try Terminal.out(CheckText.json(answer).pretty)
        } else {
            for line in CheckText.lines(answer, repairing: repair) { try Terminal.out(line) }
        }
        if answer.findings.contains(where: { !$0.repaired }) { throw ReportedFailure() }
    }
}

/// What `swarmd cluster check` prints.
enum CheckText {
    static func lines(_ answer: SwarmdCheckClusterResponse, repairing: Bool) -> [String] {
        let looked =
            "\(Self.count(answer.networks, "network")), \(Self.count(answer.services, "service")), "
            + "\(Self.count(answer.tasks, "task")) and \(Self.count(answer.nodes, "node")) were looked at"
        guard !answer.findings.isEmpty else { return ["Nothing is wrong: \(looked)."] }
        var lines = TextTable(
            headings: ["OBJECT", "KIND", "PROBLEM", "REMEDY"],
            rows: answer.findings.map { [$0.object, $0.kind, $0.problem, Self.remedy($0)] }
        ).lines
        let (fixed, open) = (answer.findings.count(where: \.repaired), answer.findings.count { !$0.repaired })
        let repairable = answer.findings.count { $0.repairable && !$0.repaired }
        lines.append("")
        if fixed > 0 { lines.append("\(Self.count(UInt64(fixed), "fault")) repaired.") }
        if open > 0 {
            let hint =
                repairable > 0
                ? ": `swarmd cluster check --repair` repairs \(repairable)" : ": the operator decides"
            lines.append("\(Self.count(UInt64(open), "fault")) left\(hint).")
        }
        return lines
    }

    static func json(_ answer: SwarmdCheckClusterResponse) -> JSON {
        .fields(
            (
                "Findings",
                .array(
                    answer.findings.map {
                        .fields(
                            ("Kind", .string($0.kind)),
                            ("Object", .string($0.object)),
                            ("ID", .string($0.id)),
                            ("Problem", .string($0.problem)),
                            ("Remedy", .string($0.remedy)),
                            ("Repairable", .bool($0.repairable)),
                            ("Repaired", .bool($0.repaired))
                        )
                    }
                )
            ),
            (
                "Checked",
                .fields(
                    ("Networks", .integer(Int64(clamping: answer.networks))),
                    ("Services", .integer(Int64(clamping: answer.services))),
                    ("Tasks", .integer(Int64(clamping: answer.tasks))),
                    ("Nodes", .integer(Int64(clamping: answer.nodes)))
                )
            )
        )
    }

    private static func remedy(_ finding: SwarmdClusterFinding) -> String {
        finding.repaired ? "repaired: \(finding.remedy)" : finding.remedy
    }

    private static func count(_ count: UInt64, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
