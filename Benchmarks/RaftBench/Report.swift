import BenchSupport
import Foundation

/// What a suite found: a table for people, and lines for machines.
struct Report: Sendable {
    private(set) var text: [String] = []
    var findings: [Finding] = []

    /// Adds a line of text.
    mutating func line(_ line: String) { self.text.append(line) }

    /// Adds a row of the table; cells are as wide as `widths`, the first flush left and the others flush right.
    mutating func row(_ cells: [String], widths: [Int]) {
        let padded = zip(cells, widths).enumerated().map { index, cell in
            let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index == 0 ? cell.0 + space : space + cell.0
        }
        self.line(padded.joined(separator: "  "))
    }

    /// Adds what another part of a suite found.
    static func += (report: inout Self, part: Self) {
        report.text += part.text
        report.findings += part.findings
    }

    /// A number as tables show it: large ones whole, small ones with two digits after the point.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        return String(format: value >= 100 ? "%.0f" : "%.2f", value)
    }
}
