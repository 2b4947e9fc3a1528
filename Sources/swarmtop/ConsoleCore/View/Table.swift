/// A column of a list.
struct Column {
    enum Side { case left, right }

    var title: String
    var width: Int
    /// What it takes of the room that is left over; the one with the most gets it.
    var stretch = 0
    /// Columns of the highest rank go first when the screen is narrow.
    var rank = 0
    var side = Side.left
}

/// The text of one place in a list.
struct Field {
    var text: String
    var role: Style.Role

    init(_ text: String, _ role: Style.Role = .normal) {
        self.text = text
        self.role = role
    }
}

/// A list with heads, a cursor, and as many columns as fit.
struct Table {
    /// Where columns start: the marker of the selected row stands before them.
    static let margin = 3

    /// The columns that fit into `width` with their widths: those of the highest rank are dropped.
    static func fit(_ columns: [Column], into width: Int) -> [(index: Int, width: Int)] {
        var chosen = Array(columns.indices)
        func needed() -> Int { chosen.reduce(0) { $0 + columns[$1].width + 2 } }
        while chosen.count > 1, needed() - 2 > width,
            let worst = chosen.max(by: { (columns[$0].rank, $0) < (columns[$1].rank, $1) })
        {
            chosen.removeAll { $0 == worst }
        }
        let spare = max(0, width - needed() + 2)
        let shares = chosen.reduce(0) { $0 + columns[$1].stretch }
        return chosen.map { index in
            let share = shares > 0 ? spare * columns[index].stretch / shares : 0
            return (index, columns[index].width + share)
        }
    }

    /// Draws heads, the visible rows and the cursor; `fields` is asked for visible rows only.
    static func draw(
        _ painting: inout Painting,
        _ layout: Layout,
        _ columns: [Column],
        fields: (String, inout Painting) -> [Field]
    ) {
        let fitted = Self.fit(columns, into: painting.canvas.size.columns - Self.margin)
        var column = Self.margin
        for (index, width) in fitted {
            Self.put(
                &painting,
                Field(columns[index].title, .heading),
                layout.heads,
                column,
                width,
                columns[index].side
            )
            column += width + 2
        }
        let rows = painting.model.rows
        guard let selection = painting.model.selection(in: rows) else {
            return Self.drawEmpty(&painting, layout)
        }
        let top = painting.model.top(of: rows, selection: selection, height: layout.body.count)
        for (line, row) in layout.body.enumerated() where top + line < rows.count {
            let values = fields(rows[top + line], &painting)
            var column = Self.margin
            for (index, width) in fitted where index < values.count {
                Self.put(&painting, values[index], row, column, width, columns[index].side)
                column += width + 2
            }
            if painting.model.page.marks.contains(rows[top + line]) {
                painting.canvas.put("+", row, 1, .key)
            }
            if top + line == selection {
                painting.canvas.put(">", row, 0, .key)
                painting.canvas.select(row)
                if !painting.typing { painting.cursor = (row, 0) }
            }
        }
    }

    private static func put(
        _ painting: inout Painting,
        _ field: Field,
        _ row: Int,
        _ column: Int,
        _ width: Int,
        _ side: Column.Side
    ) {
        let needed = DisplayWidth.of(field.text)
        if needed > width {
            let cut = painting.lines.cut
            let end = painting.canvas.put(
                field.text,
                row,
                column,
                field.role,
                width: max(0, width - cut.count)
            )
            painting.canvas.put(cut, row, end, field.role, width: column + width - end)
        } else {
            let start = side == .right ? column + width - needed : column
            painting.canvas.put(field.text, row, start, field.role)
        }
    }

    private static func drawEmpty(_ painting: inout Painting, _ layout: Layout) {
        let model = painting.model
        let text: String
        if !model.hasData {
            text = "connecting to \(model.socket) ..."
        } else if !model.page.filter.isEmpty || model.page.stage != nil {
            text = "nothing matches; Esc takes the filter away"
        } else {
            text = "none"
        }
        painting.canvas.put(text, layout.body.lowerBound, Self.margin, .muted)
    }
}
