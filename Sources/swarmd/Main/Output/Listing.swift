/// What a list command prints: named columns and rows, in any of docker's forms.
struct Listing: Sendable {
    struct Column: Sendable {
        /// The key in JSON.
        var key: String
        /// The heading in a table; nil for a column that only JSON has.
        var heading: String?
    }

    /// One object.
    struct Row: Sendable {
        /// What `--quiet` prints.
        var id: String
        /// A value for each column.
        var cells: [String]
    }

    /// How to print.
    enum Form: Sendable, Equatable { case table, json, quiet }

    var columns: [Column]
    var rows: [Row]

    func lines(_ form: Form) -> [String] {
        switch form {
        case .quiet: self.rows.map(\.id)
        case .json: self.rows.map { self.json($0).line }
        case .table: self.table.lines
        }
    }

    private var table: TextTable {
        let shown = self.columns.indices.filter { self.columns[$0].heading != nil }
        return TextTable(
            headings: shown.compactMap { self.columns[$0].heading },
            rows: self.rows.map { row in shown.map { row.cells[$0] } }
        )
    }

    /// One object a line, its keys sorted, as docker prints.
    private func json(_ row: Row) -> JSON {
        .object(
            zip(self.columns, row.cells).sorted { $0.0.key < $1.0.key }
                .map { .init(key: $0.0.key, value: .string($0.1)) }
        )
    }
}
