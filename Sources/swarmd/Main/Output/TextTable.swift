/// Rows under headings, in columns as wide as their widest cell.
struct TextTable: Sendable {
    /// The least width of a column and the gap after it, as in docker's tables.
    static let leastWidth = 10
    static let gap = 3

    var headings: [String]
    var rows: [[String]]

    /// The lines of the table; the last column is not padded.
    var lines: [String] {
        let all = ([self.headings] + self.rows).map { $0.map(Self.plain) }
        let widths = self.headings.indices.map { column in
            max(Self.leastWidth, (all.map { $0[column].count }.max() ?? 0) + Self.gap)
        }
        return all.map { cells in
            let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var line = padded.joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The cell without control characters: what a cluster's objects hold must not steer the terminal.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
            )
        )
    }
}
